/// The hot loops of the networks, and that of SHA-256, in C, chosen at run time for the CPU at hand.
///
/// Letters: R rows, C columns (channels), K taps of a convolution, F frequency bins. Every matrix is row-major and
/// dense float32 unless a stride is named. Pointers of one call must not overlap unless the comment says "in place".
/// No function but those of threads allocates, keeps state or fails; all may be called from any thread.
/// Every kernel has a scalar reference in reference.h, and NumericTests compares the two.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Dispatch (dispatch.c)

/// The instructions that kernels are compiled for, from the least: each level includes those below it, but that of
/// AVX-VNNI, which processors with AVX-512 may lack.
typedef enum {
    STARLING_BASELINE = 0,             ///< SSE2; NEON on aarch64
    STARLING_DOTPROD = 1,              ///< sdot, on aarch64
    STARLING_I8MM = 2,                 ///< usmmla, on aarch64
    STARLING_AVX2 = 3,                 ///< with FMA: x86-64-v3
    STARLING_AVX_VNNI = 4,             ///< vpdpbusd on vectors of AVX2
    STARLING_AVX512 = 5,               ///< x86-64-v4
    STARLING_AVX512_VNNI = 6,          ///< vpdpbusd
    STARLING_AVX512_BFLOAT16 = 7,      ///< vdpbf16ps
    STARLING_AMX = 8,                  ///< tdpbf16ps and tdpbusd on tiles
} starling_level;

/// Whether this CPU and the system have a level.
int starling_has_level(starling_level level);

/// The best level that this CPU and the system offer, but none above that which the environment names in STARLING_CPU;
/// found out once, then cheap. All kernels run at it.
starling_level starling_best_level(void);

/// The name of a level, which is what STARLING_CPU takes: "baseline", "dotprod", "i8mm", "avx2", "avx-vnni", "avx512",
/// "avx512-vnni", "avx512-bf16" or "amx".
const char *starling_level_name(starling_level level);

/// The floating point operations of all products and attentions that this thread has computed so far, 2 for each
/// multiply-add.
uint64_t starling_operations(void);

/// Those in int8 among them.
uint64_t starling_operations8(void);

/// Multiply-adds that never leave the registers, `rounds` rounds of them: what no product at the best level can exceed.
/// Returns how many operations they were; the caller takes the time.
uint64_t starling_peak(size_t rounds);

/// The same with bfloat16; the best level must have it.
uint64_t starling_peak_bfloat16(size_t rounds);

/// The same in int8.
uint64_t starling_peak8(size_t rounds);

// MARK: Functions of arrays (loops/elementwise.h)

void starling_exp(const float *x, float *y, size_t count);   ///< y = e^x; x may be y
void starling_log(const float *x, float *y, size_t count);   ///< y = ln x for normal positive x; x may be y
void starling_tanh(const float *x, float *y, size_t count);  ///< x may be y
void starling_sigmoid(const float *x, float *y, size_t count);  ///< 1 / (1 + e^-x); x may be y
void starling_sin_cos(const float *x, float *sine, float *cosine, size_t count);  ///< |x| up to about 10^4
void starling_gelu(float *x, size_t count);  ///< x/2 (1 + erf(x / sqrt 2)), in place
void starling_silu(float *x, size_t count);  ///< x / (1 + e^-x), in place
void starling_add(const float *x, float *y, size_t count);  ///< y += x
float starling_dot(const float *x, const float *y, size_t count);

// MARK: Rows (loops/rows.h)

/// y[r,c] += bias[c].
void starling_add_bias(float *y, const float *bias, size_t rows, size_t columns);

/// y[r,c] += scale[c] x[r,c].
void starling_add_scaled(float *y, const float *x, const float *scale, size_t rows, size_t columns);

/// y[r,c] = gain[c] (x[r,c] - mean_r) / sqrt(variance_r + epsilon) + shift[c]; x may be y.
///
/// Conditional layer norm is the same call, with gain and shift computed from the speaker.
void starling_layer_norm(
    const float *x, const float *gain, const float *shift, float *y, size_t rows, size_t columns, float epsilon);

/// Softmax of scale * x over each row, in place.
void starling_softmax(float *x, size_t rows, size_t columns, float scale);

/// Rotary position embedding, in place, on x [R, heads * 2 * half] with row stride `stride`:
/// (a, b) = (x[i], x[i + half]) becomes (a cos - b sin, a sin + b cos). cosine and sine: [R, half].
void starling_rotary(
    float *x, const float *cosine, const float *sine, size_t rows, size_t stride, size_t heads, size_t half);

/// y[r,c] = bias[c] + sum over k of weight[k,c] x[r+k,c]: x is [R+K-1, C], padded by the caller.
void starling_depthwise(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps);

// MARK: bfloat16 and float16 (loops/half.h)

void starling_to_bfloat16(const float *x, uint16_t *y, size_t count);  ///< rounds to nearest even
void starling_from_bfloat16(const uint16_t *x, float *y, size_t count);
void starling_from_float16(const uint16_t *x, float *y, size_t count);

// MARK: Matrix products (loops/product.h, loops/finish.h)

/// What becomes of the sums of a product, s[r,n] with the bias in them.
typedef enum {
    STARLING_STORE,  ///< y = s
    STARLING_GELU,   ///< y = gelu(s)
    STARLING_SILU,   ///< y = silu(s)
    STARLING_ADD,    ///< y += scale[n] s
} starling_finish_kind;

typedef struct {
    starling_finish_kind kind;
    const float *scale;  ///< [outputs], or null for ones; for STARLING_ADD
} starling_finish;

/// Elements that a packed weight matrix [outputs, inputs] takes.
size_t starling_packed_count32(size_t outputs, size_t inputs);

/// Lays a weight matrix out for `starling_gemm32`; the weight from input k to output n is
/// weight[n * outputStride + k * inputStride].
void starling_pack32(
    const float *weight, size_t outputStride, size_t inputStride, float *packed, size_t outputs, size_t inputs);

/// s[r,n] = sum over k of x[r * xStride + k] weight[n,k] + bias[n], and what `finish` makes of it.
///
/// Rows of x may overlap (xStride < inputs): a convolution over time is such a product. bias may be null.
/// Every row's result is independent of how many rows are computed together.
void starling_gemm32(
    const float *x, size_t xStride, const float *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish);

// MARK: Weights in bfloat16 (packing.c, loops/product.h)

/// Elements that a packed weight matrix [outputs, inputs] takes.
size_t starling_packed_count(size_t outputs, size_t inputs);

/// Rounds a weight matrix to bfloat16 and lays it out in tiles for the products below; the weight from input k to
/// output n is weight[n * outputStride + k * inputStride].
void starling_pack(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs);

/// The same for weights that are bfloat16 already, [outputs, inputs, taps] as PyTorch keeps them: the k-th input of the
/// product is channel k % inputs at tap k / inputs. A linear layer has one tap.
void starling_pack_halves(const uint16_t *weight, uint16_t *packed, size_t outputs, size_t inputs, size_t taps);

/// What `starling_gemm32` does, bit for bit, with weights that were packed in bfloat16: they are made float32 on their
/// way into the registers. Half of the memory is read.
void starling_gemm_widened(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish);

// MARK: Products in int8 (loops/quantize.h, loops/product8.h)

/// Bytes that a packed weight matrix [outputs, inputs] takes.
size_t starling_packed_count8(size_t outputs, size_t inputs);

/// Rounds a weight matrix [outputs, inputs] to whole numbers and lays it out for `starling_gemm8`. The largest weight
/// of every output becomes 63 or -63.
void starling_pack8(const float *weight, uint8_t *packed, size_t outputs, size_t inputs);

/// The same for weights in bfloat16, [outputs, inputs, taps], as `starling_pack_halves` takes them.
void starling_pack8_halves(const uint16_t *weight, uint8_t *packed, size_t outputs, size_t inputs, size_t taps);

/// q[i] = (x[i] - low) / step, rounded: 0 for the lowest number of a row and 255 for the highest. If one of x is not
/// finite, low is not a number.
void starling_quantize(const float *x, uint8_t *q, size_t count, float *low, float *step);

/// Bytes of scratch that `starling_gemm8` needs for `rows` rows.
size_t starling_scratch_count8(size_t rows, size_t inputs);

/// What `starling_gemm32` does, with every row quantized, weights in int8 and sums in whole numbers: they, and what
/// they stand for, are the same at all levels to the last bit.
void starling_gemm8(
    const float *x, size_t xStride, const uint8_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint8_t *scratch);

// MARK: Attention (loops/attention.h)

/// Elements of scratch that `starling_attention` needs.
size_t starling_attention_scratch(size_t keys, size_t dimension);

/// y[q] = sum over k of softmax_k(scale query[q] key[k]) value[k] for one head, in float32: queries [queries,
/// dimension], keys and values [keys, dimension] with equal strides. No matrix of scores is made; there must be a key.
/// Every query's result is independent of how many are computed together.
void starling_attention(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y, size_t yStride,
    size_t queries, size_t keys, size_t dimension, float scale, float *scratch);

// MARK: Products and attention in bfloat16 (bfloat16.c, tiles.c)

/// Elements of bfloat16 scratch `starling_gemm` needs for `rows` rows.
size_t starling_scratch_count(size_t rows, size_t stride, size_t inputs);

/// What `starling_gemm32` does, with weights and activations rounded to bfloat16 and sums in float32.
///
/// - level: STARLING_AVX512_BFLOAT16 or STARLING_AMX
void starling_gemm(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint16_t *scratch, starling_level level);

/// Elements of float32 and of bfloat16 scratch that `starling_attention_halves` needs.
size_t starling_attention_halves_floats(size_t queries, size_t keys);
size_t starling_attention_halves_scratch(size_t keys, size_t dimension);

/// What `starling_attention` does, with queries, keys, values and softmax rounded to bfloat16 and sums in float32.
///
/// - level: STARLING_AVX512_BFLOAT16 or STARLING_AMX
void starling_attention_halves(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y,
    size_t yStride, size_t queries, size_t keys, size_t dimension, float scale, float *floats, uint16_t *scratch,
    starling_level level);

// MARK: Spectra (loops/spectrum.h)

/// z[i] of a standard normal distribution, i in first ..< first + count, from a counter-based generator:
/// the same (seed, index) gives the same number, whatever was asked for before. `first` and `count` must be even.
void starling_gaussian(uint64_t seed, uint64_t first, float *z, size_t count);

/// y[f] = |x[f]| of `bins` interleaved complex numbers.
void starling_magnitude(const float *x, float *y, size_t bins);

/// One hop of a band-limited pulse train: y[i] = sum of cos(k 2 pi cycles_i), k = 1 ... harmonics, with
/// cycles_i = cycles + offset_i * (offset_i < 0 ? before : after), offset_i = (i + 1/2) / count - 1/2.
void starling_pulses(double cycles, double before, double after, float harmonics, float *y, size_t count);

// MARK: Frames of speech (loops/frames.h, loops/fourier.h)

enum {
    /// The most frames that a level makes side by side.
    STARLING_FRAMES = 16,
    /// Hops of a frame: so many frames overlap.
    STARLING_OVERLAP = 4,
};

/// How the vocoder's frames are made. F = size / 2 + 1 bins.
typedef struct {
    size_t size;          ///< samples of a frame, 2 times a product of sixes and tens, and a multiple of 16
    const float *window;  ///< [size], of every frame before its transform and after it
    const float *turns;   ///< cosine and sine of -k / size of a turn, [size, 2]
    /// Knots: one for each bin below `fine`, then for every `coarse`-th. The residual ends at `fine`, which is at most
    /// F.
    size_t fine, coarse;
    float pulseGain;     ///< of the pulses
    float ceiling;       ///< of the logarithms of all gains
    /// Factors on the bins, [F, gainPeriod + STARLING_FRAMES]: of frame t modulo gainPeriod. Columns repeat after the
    /// period.
    const float *gains;
    size_t gainPeriod;
} starling_frames;

/// Knots of a frame, G.
static inline size_t starling_knot_count(const starling_frames *s) {
    const size_t bins = s->size / 2 + 1;
    return s->fine + (bins > s->fine ? (bins - s->fine + s->coarse - 1) / s->coarse : 0);
}

/// Numbers of a frame, 3 G + 2 fine: at the knots log gain of the pulses, their offset in phase and log gain of the
/// noise; then log gain and phase of the residual.
static inline size_t starling_frame_numbers(const starling_frames *s) {
    return 3 * starling_knot_count(s) + 2 * s->fine;
}

/// Elements of scratch for STARLING_FRAMES frames.
size_t starling_frames_scratch(const starling_frames *s);

/// Computes up to STARLING_FRAMES frames of speech, which wait in the scratch for `starling_add_frames`. Batches are
/// independent of each other and may be computed in parallel, each with a scratch of its own. The spectrum of a frame
/// is exp(h) e^{i pi tanh(theta)} source * pulseGain + exp(n) noise + exp(r) e^{i phi}
/// in bins 1 ... F-2, between knots along straight lines, and nothing in the two others. The inverse transforms are not
/// divided by their size. The number of frames in a batch does not change a sample.
///
/// - pulses: the source, from the first sample of the first frame on, (frames + 3) size / 4
/// - numbers: [frames, 3 G + 2 fine] in the order h, theta, n, r, phi
/// - noise: interleaved complex numbers, [frames, 2 F]
/// - first: the number of the first frame, which chooses its gains
void starling_prepare_frames(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t first,
    size_t frames, float *scratch);

/// Overlap-adds the windowed frames of a scratch to the sum; batches must be added in their order.
///
/// - sum: (frames + 4) size / 4, from the first sample of the first frame on; what older frames left, zeros after it
void starling_add_frames(const starling_frames *s, float *sum, size_t frames, const float *scratch);

// MARK: Threads (crew.c)

/// The cores that this process may run on.
size_t starling_cores(void);

/// From now on the calling thread works, and others may help it while no more than `threads` of this process work,
/// helpers among them. Within work that has begun already this changes nothing. Ends with `starling_end_work` on the
/// same thread.
void starling_begin_work(size_t threads);
void starling_end_work(void);

/// How many threads may share the next job of the calling thread, itself among them; 1 where it does not work, and for
/// a while after jobs that nobody helped with.
size_t starling_workers(void);

/// A part of a job, by a worker: 0 for the thread that has the job, 1 and more for its helpers.
typedef void starling_part(void *context, size_t part, size_t worker);

/// Calls `body` for every part from 0 on, at most `workers` of them at once, and returns after the last. A job whose
/// thread does not work, and one that nobody has time to help with, stays on its thread.
void starling_share(size_t parts, size_t workers, starling_part *body, void *context);

// MARK: Digests (sha256.c)

/// Takes `count` blocks of 64 bytes into the state of SHA-256, 8 words (FIPS 180-4, 6.2.2).
void starling_sha256(uint32_t *state, const uint8_t *blocks, size_t count);

// MARK: Every level

/// The kernels that are compiled for several levels, by what comes after `starling_` in their names.
typedef struct {
    __typeof__(starling_exp) *exp;
    __typeof__(starling_log) *log;
    __typeof__(starling_tanh) *tanh;
    __typeof__(starling_sigmoid) *sigmoid;
    __typeof__(starling_sin_cos) *sin_cos;
    __typeof__(starling_gelu) *gelu;
    __typeof__(starling_silu) *silu;
    __typeof__(starling_add) *add;
    __typeof__(starling_dot) *dot;
    __typeof__(starling_add_bias) *add_bias;
    __typeof__(starling_add_scaled) *add_scaled;
    __typeof__(starling_layer_norm) *layer_norm;
    __typeof__(starling_softmax) *softmax;
    __typeof__(starling_rotary) *rotary;
    __typeof__(starling_depthwise) *depthwise;
    __typeof__(starling_to_bfloat16) *to_bfloat16;
    __typeof__(starling_from_bfloat16) *from_bfloat16;
    __typeof__(starling_from_float16) *from_float16;
    __typeof__(starling_gemm32) *gemm32;
    __typeof__(starling_gemm_widened) *gemm_widened;
    __typeof__(starling_quantize) *quantize;
    __typeof__(starling_pack8) *pack8;
    __typeof__(starling_pack8_halves) *pack8_halves;
    __typeof__(starling_gemm8) *gemm8;
    __typeof__(starling_attention) *attention;
    __typeof__(starling_gaussian) *gaussian;
    __typeof__(starling_magnitude) *magnitude;
    __typeof__(starling_prepare_frames) *prepare_frames;
    __typeof__(starling_add_frames) *add_frames;
    __typeof__(starling_pulses) *pulses;
    __typeof__(starling_peak) *peak;
    __typeof__(starling_peak8) *peak8;
} starling_kernels;

/// The kernels of a level, for tests and benchmarks; the CPU must have it.
const starling_kernels *starling_kernels_at(starling_level level);
