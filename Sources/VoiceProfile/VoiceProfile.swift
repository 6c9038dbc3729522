// VoiceProfile
