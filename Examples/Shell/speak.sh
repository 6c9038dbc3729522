#!/bin/bash
# Speaks a text through a running server with curl, into a file.
#
#     starling serve --tcp 8880 &
#     ./speak.sh "Hello there." hello.wav [VOICE]
#
# Needs curl and jq. The file's extension is the format: wav, flac, opus, mp3 or aac.
set -euo pipefail
text=${1:?usage: speak.sh TEXT FILE [VOICE]}
file=${2:?usage: speak.sh TEXT FILE [VOICE]}
server=${STARLING_SERVER:-http://localhost:8880}

# jq quotes the text, whatever it contains.
wish=$(jq -n --arg text "$text" --arg voice "${3:-heart}" --arg format "${file##*.}" \
    '{model: "starling", input: $text, voice: $voice, response_format: $format}')
token=()
if [[ -n ${STARLING_TOKEN:-} ]]; then token=(-H "Authorization: Bearer $STARLING_TOKEN"); fi

# --fail-with-body: an error's message is JSON, and says what to do.
if ! curl --silent --show-error --fail-with-body "${token[@]}" -H "Content-Type: application/json" \
    --data-binary "$wish" -o "$file" "$server/v1/audio/speech"; then
    if [[ -s $file ]]; then jq -r .error.message "$file" >&2; fi
    rm -f "$file"
    exit 1
fi
