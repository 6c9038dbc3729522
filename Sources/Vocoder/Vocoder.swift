// Vocoder
