// starling-media: FFmpeg's libraries in a process of their own.
//
//     starling-media decode SECONDS                      file on 0 (seekable) → samples on 1
//     starling-media encode FORM SECONDS RATE BITRATE    samples on 0 → a file on 1
//     starling-media join SECONDS                        ADTS on 0, words on 3, cover picture on 4 → an M4B file on 1
//     (seekable)
//
// SECONDS is the processor time it may take. Samples are 32-bit floats in the machine's order, full scale ±1; those
// that are decoded come after two 32-bit numbers, samples per second and channels, and are interleaved. What is encoded
// is mono. FORM is "adts" (a stream), "mp4" (1 is seekable) or "fragments" (MP4 for a stream). Words are in the form of
// FFmpeg's ffmetadata files.
//
// What goes wrong is a line on standard error and status 1.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The descriptors that are used besides 0, 1 and 2.
enum { words_descriptor = 3, cover_descriptor = 4, last_descriptor = 4 };

// Gives up what the process does not need from here on: see sandbox.c. Ends the process where that is not possible.
void enter_sandbox(unsigned processor_seconds);

// Ends the process with a line; `code` is one of FFmpeg's errors, or 0.
_Noreturn void fail(const char *what, int code);

// Input from a descriptor, and output to one; they seek if the descriptor does.
AVIOContext *input_from(int descriptor);
AVIOContext *output_to(int descriptor);
bool can_seek(int descriptor);
void write_all(int descriptor, const void *bytes, size_t count);
// Reads until `count` bytes are there or the input ends.
size_t read_all(int descriptor, void *bytes, size_t count);

// A demuxer over a descriptor that may be nothing but one of `formats`, and whose decoders may be nothing but one of
// `codecs`.
AVFormatContext *open_input(int descriptor, const char *formats, const char *codecs);

// A muxer over standard output.
AVFormatContext *open_output(const char *name);
// Copies tags and chapters from the words on descriptor 3, if it is open.
void copy_words(AVFormatContext *output);

void decode(void);
void encode(const char *form, int rate, int bit_rate);
void join(void);
