/// The Fourier transform of complex numbers, a transform in every lane: Stockham's passes, which leave the
/// numbers in their order. A number is two rows of lanes, its real part and its imaginary one.
///
/// A pass takes 6 or 10 numbers at a time: 3 or 5 by 2, which have no factor in common and need no turns between
/// them (Good and Thomas). 600, half of a frame, is 6 · 10 · 10.

typedef struct {
    lanes real, imaginary;
} complexes;

INLINED lanes load_lanes(const float *x) {
    lanes value;
    memcpy(&value, x, sizeof value);
    return value;
}

INLINED void store_lanes(float *x, lanes value) { memcpy(x, &value, sizeof value); }

INLINED complexes sum_of(complexes a, complexes b) {
    return (complexes){a.real + b.real, a.imaginary + b.imaginary};
}

INLINED complexes difference_of(complexes a, complexes b) {
    return (complexes){a.real - b.real, a.imaginary - b.imaginary};
}

INLINED complexes scaled_by(complexes a, float scale) { return (complexes){a.real * scale, a.imaginary * scale}; }

/// a - i b
INLINED complexes turned_back(complexes a, complexes b) {
    return (complexes){a.real + b.imaginary, a.imaginary - b.real};
}

/// a + i b
INLINED complexes turned_on(complexes a, complexes b) {
    return (complexes){a.real - b.imaginary, a.imaginary + b.real};
}

INLINED void transform3(complexes *x) {
    const float s1 = 0.866025404f;
    complexes sum = sum_of(x[1], x[2]), middle = sum_of(x[0], scaled_by(sum, -0.5f));
    complexes side = scaled_by(difference_of(x[1], x[2]), s1);
    x[0] = sum_of(x[0], sum);
    x[1] = turned_back(middle, side);
    x[2] = turned_on(middle, side);
}

INLINED void transform5(complexes *x) {
    // Cosines and sines of 1/5 and 2/5 of a turn.
    const float c1 = 0.309016994f, c2 = -0.809016994f, s1 = 0.951056516f, s2 = 0.587785252f;
    complexes outer = sum_of(x[1], x[4]), inner = sum_of(x[2], x[3]);
    complexes outside = difference_of(x[1], x[4]), inside = difference_of(x[2], x[3]);
    complexes middle1 = sum_of(x[0], sum_of(scaled_by(outer, c1), scaled_by(inner, c2)));
    complexes middle2 = sum_of(x[0], sum_of(scaled_by(outer, c2), scaled_by(inner, c1)));
    complexes side1 = sum_of(scaled_by(outside, s1), scaled_by(inside, s2));
    complexes side2 = difference_of(scaled_by(outside, s2), scaled_by(inside, s1));
    x[0] = sum_of(x[0], sum_of(outer, inner));
    x[1] = turned_back(middle1, side1);
    x[2] = turned_back(middle2, side2);
    x[3] = turned_on(middle2, side2);
    x[4] = turned_on(middle1, side1);
}

/// x becomes its transform; radix, a constant, is 6 or 10.
INLINED void transform_of(int radix, complexes *x) {
    complexes even[5], odd[5];
    const int half = radix / 2;
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++) {
        even[i] = x[2 * i % radix];
        odd[i] = x[(half + 2 * i) % radix];
    }
    if (half == 3) {
        transform3(even);
        transform3(odd);
    } else {
        transform5(even);
        transform5(odd);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++) {
        x[(half + 1) * i % radix] = sum_of(even[i], odd[i]);
        x[(half + (half + 1) * i) % radix] = difference_of(even[i], odd[i]);
    }
}

/// One pass: `apart` transforms of `count` numbers each become radix times as many of count / radix, turned as the rest
/// of their transform needs it. Rows of y are yPitch apart.
///
/// - turns: cosine and sine of -k / size of a turn, 0 <= k < size; size is twice apart * count
INLINED void transform_pass(
    int radix, const float *x, float *y, size_t yPitch, size_t count, size_t apart, const float *turns) {
    const size_t part = count / (size_t)radix;
    for (size_t p = 0; p < part; p++) {
        for (size_t q = 0; q < apart; q++) {
            complexes numbers[10];
#pragma clang loop unroll(full)
            for (int i = 0; i < radix; i++) {
                const float *row = x + 2 * LANES * (q + apart * (p + part * (size_t)i));
                numbers[i] = (complexes){load_lanes(row), load_lanes(row + LANES)};
            }
            transform_of(radix, numbers);
#pragma clang loop unroll(full)
            for (int i = 0; i < radix; i++) {
                complexes number = numbers[i];
                if (i > 0 && p > 0) {
                    const float *turn = turns + 4 * apart * p * (size_t)i;
                    number = turned_on(scaled_by(number, turn[0]), scaled_by(number, turn[1]));
                }
                float *row = y + 2 * yPitch * (q + apart * ((size_t)radix * p + (size_t)i));
                store_lanes(row, number.real);
                store_lanes(row + yPitch, number.imaginary);
            }
        }
    }
}

static __attribute__((noinline)) void transform_pass6(
    const float *x, float *y, size_t yPitch, size_t count, size_t apart, const float *turns) {
    transform_pass(6, x, y, yPitch, count, apart, turns);
}

static __attribute__((noinline)) void transform_pass10(
    const float *x, float *y, size_t yPitch, size_t count, size_t apart, const float *turns) {
    transform_pass(10, x, y, yPitch, count, apart, turns);
}

/// The transform of `count` numbers, a product of sixes and tens, from the first buffer into one of the two: returned.
/// The last pass puts rows pitch apart.
static float *transform_lanes(float *x, float *y, size_t pitch, size_t count, const float *turns) {
    for (size_t apart = 1; count > 1;) {
        const size_t radix = count % 10 == 0 && count % 6 != 0 ? 10 : 6;
        const size_t yPitch = count == radix ? pitch : LANES;
        (radix == 6 ? transform_pass6 : transform_pass10)(x, y, yPitch, count, apart, turns);
        count /= radix;
        apart *= radix;
        float *other = x;
        x = y;
        y = other;
    }
    return x;
}
