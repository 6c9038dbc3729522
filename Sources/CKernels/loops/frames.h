/// Frames of speech made of a pulse train and noise, a frame in every lane. Numbers that lie frame by frame are
/// turned around on their way in and out; between them nothing crosses lanes.

enum { MARGIN = 4, FRAME_PITCH = LANES + MARGIN };

typedef float quad __attribute__((vector_size(16), aligned(4)));

/// y[c, r] = x[r, c] for the rows there are; for rows beyond, up to `room`, a multiple of 4, the last again.
static void turn_around(
    const float *x, size_t xStride, float *y, size_t yStride, size_t rows, size_t room, size_t columns) {
    for (size_t r = 0; r < room; r += 4) {
        const float *row[4];
        for (size_t i = 0; i < 4; i++) row[i] = x + (r + i < rows ? r + i : rows - 1) * xStride;
        size_t c = 0;
        for (; c + 4 <= columns; c += 4) {
            quad a, b, d, e;
            memcpy(&a, row[0] + c, sizeof a), memcpy(&b, row[1] + c, sizeof b);
            memcpy(&d, row[2] + c, sizeof d), memcpy(&e, row[3] + c, sizeof e);
            const quad p = __builtin_shufflevector(a, b, 0, 4, 1, 5), q = __builtin_shufflevector(a, b, 2, 6, 3, 7);
            const quad s = __builtin_shufflevector(d, e, 0, 4, 1, 5), t = __builtin_shufflevector(d, e, 2, 6, 3, 7);
            const quad turned[4] = {
                __builtin_shufflevector(p, s, 0, 1, 4, 5), __builtin_shufflevector(p, s, 2, 3, 6, 7),
                __builtin_shufflevector(q, t, 0, 1, 4, 5), __builtin_shufflevector(q, t, 2, 3, 6, 7)};
            for (size_t i = 0; i < 4; i++) memcpy(y + (c + i) * yStride + r, &turned[i], sizeof turned[i]);
        }
        for (; c < columns; c++) {
            for (size_t i = 0; i < 4; i++) y[c * yStride + r + i] = row[i][c];
        }
    }
}

/// What a bin of a frame is made of: rows of lanes.
typedef struct {
    /// Of the knots before the bin and after it, and how far it is between them.
    const float *left[3], *right[3];
    float share;
    /// Of the residual, where there is one.
    const float *residual, *phase;
    const float *noise, *gain;
} bin_rows;

INLINED bin_rows rows_of_bin(
    const starling_frames *s, size_t knots, const float *numbers, const float *noise, size_t bin) {
    const uint32_t coarse = (uint32_t)s->coarse, beyond = bin < s->fine ? 0 : (uint32_t)(bin - s->fine);
    const size_t left = (bin < s->fine ? bin : s->fine) + beyond / coarse, right = left + (beyond % coarse > 0);
    bin_rows rows = {
        .share = (float)(beyond % coarse) / (float)coarse,
        .residual = numbers + (3 * knots + bin) * LANES,
        .phase = numbers + (3 * knots + s->fine + bin) * LANES,
        .noise = noise + 2 * bin * LANES,
        .gain = s->gains + bin * (s->gainPeriod + STARLING_FRAMES)};
    for (size_t part = 0; part < 3; part++) {
        rows.left[part] = numbers + (part * knots + left) * LANES;
        rows.right[part] = numbers + (part * knots + right) * LANES;
    }
    return rows;
}

INLINED float limited_exp(float x, float ceiling) { return fast_exp(x < ceiling ? x : ceiling); }

/// The bin of one frame; `x` + i `y` is that of the pulses.
INLINED void shape_bin(
    int hasResidual, const bin_rows *b, size_t lane, float pulseGain, float ceiling, float x, float y, float *real,
    float *imaginary) {
    float number[3];
    for (int part = 0; part < 3; part++) {
        number[part] = b->left[part][lane] + (b->right[part][lane] - b->left[part][lane]) * b->share;
    }
    const float harmonic = limited_exp(number[0], ceiling) * pulseGain, hiss = limited_exp(number[2], ceiling);
    float sine, cosine;
    fast_sin_cos(3.14159265f * fast_tanh(number[1]), &sine, &cosine);
    *real = harmonic * (cosine * x - sine * y) + hiss * b->noise[lane];
    *imaginary = harmonic * (sine * x + cosine * y) + hiss * b->noise[LANES + lane];
    if (hasResidual) {
        const float residual = limited_exp(b->residual[lane], ceiling);
        fast_sin_cos(b->phase[lane], &sine, &cosine);
        *real += residual * cosine;
        *imaginary += residual * sine;
    }
    *real *= b->gain[lane];
    *imaginary *= b->gain[lane];
}

/// Bins k and size / 2 - k of all lanes, k from `from` up to `end`.
///
/// z is the transform of the pulses' samples, the even ones taken as real parts and the odd ones as imaginary ones. It
/// becomes what transforms into those of the speech, real and imaginary parts exchanged: that makes the transform its
/// inverse.
INLINED void shape_bins(
    int hasResidual, int hasSecond, const starling_frames *s, const float *numbers, const float *noise, size_t from,
    size_t end, float *z) {
    const size_t half = s->size / 2, knots = starling_knot_count(s);
    const float pulseGain = 0.5f * s->pulseGain, ceiling = s->ceiling;
    for (size_t k = from; k < end; k++) {
        const bin_rows first = rows_of_bin(s, knots, numbers, noise, k);
        const bin_rows second = rows_of_bin(s, knots, numbers, noise, half - k);
        const float cosine = s->turns[2 * k], sine = s->turns[2 * k + 1];
        float *a = z + 2 * k * LANES, *b = z + 2 * (half - k) * LANES;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES) interleave(disable) unroll(disable)
        for (size_t i = 0; i < LANES; i++) {
            // The spectra of even and odd samples, and the latter turned; twice as large.
            float evenReal = a[i] + b[i], evenImaginary = a[LANES + i] - b[LANES + i];
            float oddReal = a[LANES + i] + b[LANES + i], oddImaginary = b[i] - a[i];
            const float real = cosine * oddReal - sine * oddImaginary;
            const float imaginary = cosine * oddImaginary + sine * oddReal;
            float x, y, u, v;
            shape_bin(
                hasResidual, &first, i, pulseGain, ceiling, evenReal + real, evenImaginary + imaginary, &x, &y);
            shape_bin(hasSecond, &second, i, pulseGain, ceiling, evenReal - real, imaginary - evenImaginary, &u, &v);
            // And back.
            evenReal = x + u, evenImaginary = y - v;
            oddReal = cosine * (x - u) + sine * (y + v), oddImaginary = cosine * (y + v) - sine * (x - u);
            a[i] = evenImaginary + oddReal;
            a[LANES + i] = evenReal - oddImaginary;
            b[i] = oddReal - evenImaginary;
            b[LANES + i] = evenReal + oddImaginary;
        }
    }
}

static __attribute__((noinline)) void shape_all_bins(
    const starling_frames *s, const float *numbers, const float *noise, float *z) {
    const size_t half = s->size / 2, end = half / 2 + 1;
    // Of a pair the first has a residual below `fine`, the second from `half - fine` on.
    const size_t none = s->fine < 1 ? 1 : s->fine < end ? s->fine : end, both = s->fine > half ? 1 : half - s->fine + 1;
    const size_t firstOnly = both < none ? both : none;
    shape_bins(1, 0, s, numbers, noise, 1, firstOnly, z);
    shape_bins(1, 1, s, numbers, noise, firstOnly, none, z);
    shape_bins(0, 0, s, numbers, noise, none, end, z);
}

/// Frames overlap: each is as long as this many hops.
enum { OVERLAP = STARLING_OVERLAP };

/// Frames that wait to be added, one in every lane, and room to do so.
typedef struct {
    float *samples, *hops;
} waiting_lanes;

/// One frame in every lane, `count` of them to be heard.
static waiting_lanes make_lanes(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t count,
    float *scratch) {
    const size_t half = s->size / 2, hop = s->size / OVERLAP, depth = starling_frame_numbers(s);
    float *x = scratch, *y = x + s->size * FRAME_PITCH + MARGIN, *turnedNumbers = y + s->size * FRAME_PITCH;
    float *turnedNoise = turnedNumbers + depth * LANES;
    // Hop after hop of the pulses side by side: a frame's samples lie in its lane, and in the one after it a hop later.
    turn_around(pulses, hop, y, FRAME_PITCH, count + OVERLAP - 1, FRAME_PITCH, hop);
    for (size_t j = 0; j < OVERLAP; j++) {
        for (size_t i = 0; i < hop; i++) {
            store_lanes(x + (j * hop + i) * LANES, load_lanes(y + i * FRAME_PITCH + j) * s->window[j * hop + i]);
        }
    }
    float *z = transform_lanes(x, y, LANES, half, s->turns);
    turn_around(numbers, depth, turnedNumbers, LANES, count, LANES, depth);
    turn_around(noise, s->size + 2, turnedNoise, LANES, count, LANES, s->size + 2);
    memset(z, 0, 2 * LANES * sizeof *z);
    shape_all_bins(s, turnedNumbers, turnedNoise, z);
    float *samples = transform_lanes(z, z == x ? y : x, FRAME_PITCH, half, s->turns), *hops = samples == x ? y : x;
    // Nothing on either side of the lanes, so that frames which began in other hops can be read beside one another.
    float isHeard[LANES];
    for (size_t i = 0; i < LANES; i++) isHeard[i] = i < count;
    const lanes heard = load_lanes(isHeard);
    memset(samples - MARGIN, 0, MARGIN * sizeof *samples);
    for (size_t n = 0; n < s->size; n++) {
        float *row = samples + n * FRAME_PITCH;
        store_lanes(row, load_lanes(row) * heard * s->window[n ^ 1]);
        memset(row + LANES, 0, MARGIN * sizeof *row);
    }
    return (waiting_lanes){samples, hops};
}

/// What earlier frames left, then the oldest frame first: the sums do not depend on which frames lie side by side.
static void add_lanes(const starling_frames *s, waiting_lanes made, float *sum, size_t count) {
    const size_t hop = s->size / OVERLAP;
    float *samples = made.samples, *hops = made.hops;
    turn_around(sum, hop, hops, FRAME_PITCH, OVERLAP, OVERLAP, hop);
    for (size_t i = 0; i < hop; i++) {
        lanes now = {0};
        quad later = {0};
        memcpy(&now, hops + i * FRAME_PITCH, sizeof later);
        for (size_t j = OVERLAP; j-- > 0;) {
            const float *row = samples + ((j * hop + i) ^ 1) * FRAME_PITCH - j;
            quad end;
            memcpy(&end, row + LANES, sizeof end);
            now += load_lanes(row);
            later += end;
        }
        store_lanes(hops + i * FRAME_PITCH, now);
        memcpy(hops + i * FRAME_PITCH + LANES, &later, sizeof later);
    }
    turn_around(hops, FRAME_PITCH, sum, hop, hop, hop, count + OVERLAP - 1);
}

static void AT_LEVEL(prepare_frames)(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t first,
    size_t frames, float *scratch) {
    const size_t told = starling_frame_numbers(s), hop = s->size / OVERLAP;
    const size_t room = 2 * (s->size + 1) * FRAME_PITCH + (told + s->size + 2) * LANES;
    // From a cache line on, after what tells of the frames that wait, and with a margin before it.
    float *place = scratch + (3 * LINE - (uintptr_t)scratch % LINE) / sizeof *scratch;
    starling_frames batch = *s;
    for (size_t t = 0; t < frames; t += LANES, place += (room + LANES - 1) / LANES * LANES) {
        batch.gains = s->gains + (first + t) % s->gainPeriod;
        const waiting_lanes made = make_lanes(
            &batch, pulses + t * hop, numbers + t * told, noise + t * (s->size + 2),
            frames - t < LANES ? frames - t : LANES, place);
        memcpy((char *)scratch + t / LANES * sizeof made, &made, sizeof made);
    }
}

static void AT_LEVEL(add_frames)(const starling_frames *s, float *sum, size_t frames, const float *scratch) {
    for (size_t t = 0; t < frames; t += LANES) {
        waiting_lanes made;
        memcpy(&made, (const char *)scratch + t / LANES * sizeof made, sizeof made);
        add_lanes(s, made, sum + t * (s->size / OVERLAP), frames - t < LANES ? frames - t : LANES);
    }
}
