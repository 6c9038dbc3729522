#include "media.h"

#include <unistd.h>

// What phones, recorders and messengers write, and older cameras and dictaphones; each more is more that can be
// attacked.
static const char formats[] =
    "mov,mp4,m4a,3gp,matroska,webm,ogg,aac,amr,asf,caf,flac,wav,w64,aiff,mp3,mpegts,avi,flv,ac3,eac3,ape,wv,tta,au";
static const char codecs[] =
    "aac,opus,vorbis,flac,alac,mp3,mp3float,mp2,mp2float,mp1,mp1float,amrnb,amrwb,wmav1,wmav2,wmapro,wmavoice,wmalossless,speex,ac3,eac3,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_u8,pcm_s8,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,"
    "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,gsm,gsm_ms,g723_1,qcelp,evrc,nellymoser,ape,wavpack,tta";

enum { most_channels = 64 };

// The form in which samples leave: that of the first frame, whatever comes later.
static AVChannelLayout layout;
static int rate;
// What brings a frame into that form, and the form that it expects.
static SwrContext *converter;
static AVChannelLayout expected_layout;
static int expected_rate, expected_format = AV_SAMPLE_FMT_NONE;

static void begin(const AVFrame *frame) {
    rate = frame->sample_rate;
    int channels = frame->ch_layout.nb_channels;
    if (rate < 1 || channels < 1 || channels > most_channels) fail("it declares an impossible sample rate or number of channels", 0);
    if (av_channel_layout_copy(&layout, &frame->ch_layout) < 0) fail("out of memory", 0);
    uint32_t head[] = {(uint32_t)rate, (uint32_t)channels};
    write_all(STDOUT_FILENO, head, sizeof head);
}

// Brings the frame into form; without a frame, what the converter still holds.
static void convert(const AVFrame *frame) {
    int waiting = swr_get_out_samples(converter, frame ? frame->nb_samples : 0);
    if (waiting <= 0) return;
    uint8_t *samples = av_malloc((size_t)waiting * (size_t)layout.nb_channels * sizeof(float));
    if (!samples) fail("out of memory", 0);
    int count = swr_convert(converter, &samples, waiting, frame ? (const uint8_t **)frame->extended_data : NULL,
                            frame ? frame->nb_samples : 0);
    if (count > 0) write_all(STDOUT_FILENO, samples, (size_t)count * (size_t)layout.nb_channels * sizeof(float));
    av_free(samples);
}

static void put(AVFrame *frame) {
    if (!rate) begin(frame);
    if (!converter || frame->format != expected_format || frame->sample_rate != expected_rate ||
        av_channel_layout_compare(&frame->ch_layout, &expected_layout) != 0) {
        if (converter) convert(NULL);
        av_channel_layout_copy(&expected_layout, &frame->ch_layout);
        expected_format = frame->format;
        expected_rate = frame->sample_rate;
        if (swr_alloc_set_opts2(&converter, &layout, AV_SAMPLE_FMT_FLT, rate, &frame->ch_layout, frame->format,
                                frame->sample_rate, 0, NULL) < 0 || swr_init(converter) < 0) {
            // A damaged packet may claim anything; the next frame gets a new converter.
            swr_free(&converter);
            return;
        }
    }
    convert(frame);
}

void decode(void) {
    AVFormatContext *input = open_input(STDIN_FILENO, formats, codecs);
    int code = avformat_find_stream_info(input, NULL);
    if (code < 0) fail("its streams cannot be identified", code);
    const AVCodec *codec = NULL;
    int number = av_find_best_stream(input, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0);
    if (number == AVERROR_DECODER_NOT_FOUND) fail("its codec is not supported, or it has copy protection", 0);
    if (number < 0) fail("it contains no audio", 0);
    for (unsigned i = 0; i < input->nb_streams; i++)
        if ((int)i != number) input->streams[i]->discard = AVDISCARD_ALL;

    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    if (!decoder || !packet || !frame) fail("out of memory", 0);
    avcodec_parameters_to_context(decoder, input->streams[number]->codecpar);
    decoder->pkt_timebase = input->streams[number]->time_base;
    decoder->thread_count = 1; // threads are among what the sandbox refuses
    AVDictionary *options = NULL;
    av_dict_set(&options, "codec_whitelist", codecs, 0);
    if ((code = avcodec_open2(decoder, codec, &options)) < 0) fail("its decoder cannot be opened", code);

    // Damaged packets are left out; what can be read is read, as it is of every other format.
    int trouble = 0;
    for (bool more = true; more;) {
        code = av_read_frame(input, packet);
        more = code >= 0;
        if (code < 0 && code != AVERROR_EOF) trouble = code;
        if (!more || packet->stream_index == number) {
            code = avcodec_send_packet(decoder, more ? packet : NULL);
            if (code < 0 && code != AVERROR_EOF) trouble = code;
            while (avcodec_receive_frame(decoder, frame) >= 0) put(frame);
        }
        av_packet_unref(packet);
    }
    if (converter) convert(NULL);
    if (!rate) fail("none of it could be decoded", trouble);
}
