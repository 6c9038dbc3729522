// FFmpeg's input and output over open descriptors: nothing here opens anything by its name.
#include "media.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { buffer_size = 1 << 16 };

void write_all(int descriptor, const void *bytes, size_t count) {
    for (const char *next = bytes; count > 0;) {
        ssize_t written = write(descriptor, next, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write", AVERROR(errno));
        next += written;
        count -= (size_t)written;
    }
}

size_t read_all(int descriptor, void *bytes, size_t count) {
    size_t filled = 0;
    while (filled < count) {
        ssize_t got = read(descriptor, (char *)bytes + filled, count - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("cannot read", AVERROR(errno));
        if (got == 0) break;
        filled += (size_t)got;
    }
    return filled;
}

bool can_seek(int descriptor) { return lseek(descriptor, 0, SEEK_CUR) >= 0; }

static int read_some(void *opaque, uint8_t *bytes, int count) {
    for (;;) {
        ssize_t got = read((int)(intptr_t)opaque, bytes, (size_t)count);
        if (got > 0) return (int)got;
        if (got == 0) return AVERROR_EOF;
        if (errno != EINTR) return AVERROR(errno);
    }
}

static int write_some(void *opaque, uint8_t *bytes, int count) {
    write_all((int)(intptr_t)opaque, bytes, (size_t)count);
    return count;
}

static int64_t seek(void *opaque, int64_t offset, int whence) {
    int descriptor = (int)(intptr_t)opaque;
    if (whence == AVSEEK_SIZE) {
        off_t place = lseek(descriptor, 0, SEEK_CUR), size = lseek(descriptor, 0, SEEK_END);
        lseek(descriptor, place, SEEK_SET);
        return size < 0 ? AVERROR(errno) : size;
    }
    off_t place = lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
    return place < 0 ? AVERROR(errno) : place;
}

static AVIOContext *stream(int descriptor, bool writes) {
    uint8_t *buffer = av_malloc(buffer_size);
    AVIOContext *io = buffer ? avio_alloc_context(buffer, buffer_size, writes, (void *)(intptr_t)descriptor,
                                                  writes ? NULL : read_some, writes ? write_some : NULL,
                                                  can_seek(descriptor) ? seek : NULL)
                             : NULL;
    if (!io) fail("out of memory", 0);
    return io;
}

AVIOContext *input_from(int descriptor) { return stream(descriptor, false); }
AVIOContext *output_to(int descriptor) { return stream(descriptor, true); }

// Files that name other files (playlists, references of QuickTime) find nothing.
static int refuse(AVFormatContext *format, AVIOContext **io, const char *name, int flags, AVDictionary **options) {
    return AVERROR(EPERM);
}

AVFormatContext *open_input(int descriptor, const char *formats, const char *codecs) {
    AVFormatContext *input = avformat_alloc_context();
    if (!input) fail("out of memory", 0);
    input->pb = input_from(descriptor);
    input->io_open = refuse;
    AVDictionary *options = NULL;
    av_dict_set(&options, "format_whitelist", formats, 0);
    av_dict_set(&options, "codec_whitelist", codecs, 0);
    int code = avformat_open_input(&input, "", NULL, &options);
    // A format that is not on the list is an argument that is not valid.
    if (code < 0) fail("unknown format", code == AVERROR(EINVAL) || code == AVERROR_INVALIDDATA ? 0 : code);
    return input;
}

AVFormatContext *open_output(const char *name) {
    AVFormatContext *output;
    int code = avformat_alloc_output_context2(&output, NULL, name, NULL);
    if (code < 0) fail("this build of FFmpeg does not write the format", code);
    output->pb = output_to(STDOUT_FILENO);
    output->io_open = refuse;
    // No clocks and no names of versions: equal input gives equal bytes.
    output->flags |= AVFMT_FLAG_BITEXACT;
    return output;
}

void copy_words(AVFormatContext *output) {
    if (fcntl(words_descriptor, F_GETFD) < 0) return;
    AVFormatContext *words = open_input(words_descriptor, "ffmetadata", "none");
    av_dict_copy(&output->metadata, words->metadata, 0);
    output->chapters = av_calloc(words->nb_chapters, sizeof *output->chapters);
    for (unsigned i = 0; output->chapters && i < words->nb_chapters; i++) {
        AVChapter *chapter = av_mallocz(sizeof *chapter);
        if (!chapter) fail("out of memory", 0);
        *chapter = *words->chapters[i];
        chapter->metadata = NULL;
        av_dict_copy(&chapter->metadata, words->chapters[i]->metadata, 0);
        output->chapters[output->nb_chapters++] = chapter;
    }
    avformat_close_input(&words);
}
