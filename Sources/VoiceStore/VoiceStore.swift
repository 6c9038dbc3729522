// VoiceStore
