#!/bin/bash
# Speaks a manifest as an array job of Slurm:
#
#     sbatch --array=0-3 deploy/slurm/array.sh manifest.jsonl out/
#
# Run it from a folder that all nodes share. What is interrupted goes on where it was: two minutes before the time limit the shard
# finishes what it is speaking and puts itself back into the queue; a shard whose node died is put back by Slurm; one that was killed
# goes on after `scontrol requeue JOB_TASK`.
#SBATCH --job-name=starling
#SBATCH --array=0-3
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=500M
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=starling-%A_%a.log
set -uo pipefail

manifest=${1:?usage: sbatch [--array=0-N] array.sh MANIFEST FOLDER}
folder=${2:?usage: sbatch [--array=0-N] array.sh MANIFEST FOLDER}
program=${STARLING_PROGRAM:-starling}

"$program" batch "$manifest" --output "$folder" --shard slurm --threads "${SLURM_CPUS_PER_TASK:-1}" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
# A signal ends the first wait early; the second brings the program's own status.
wait "$child"
status=$?
while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    status=$?
done
# 75: not finished, try again.
if ((status == 75)); then scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"; fi
exit "$status"
