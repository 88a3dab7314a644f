// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <type_traits>

TFX_BEGIN

/// TensorFlow's random streams: the same seeds give the numbers that TensorFlow 1.x gives.
namespace random {

/// The two seeds of a stream; both zero stand for "none was set".
struct seeds {
  u64 graph = 0, op = 0;

  /// Whether the stream may differ from run to run, since nobody asked for a seed.
  constexpr bool is_unset() const { return graph == 0 && op == 0; }
  friend constexpr bool operator==(seeds, seeds) = default;
};

/// A seed, or `{}` where none was set.
struct maybe_seed {
  i64 value = 0;
  bool is_set = false;

  constexpr maybe_seed() = default;
  constexpr maybe_seed(i64 seed) : value(seed), is_set(true) {}  // NOLINT: a number is a seed
  constexpr i64 value_or(i64 other) const { return is_set ? value : other; }
};

/// The seeds that TensorFlow gives to an operation: `resolve({}, 1, 0)` is `{87654321, 1}`.
constexpr seeds resolve(maybe_seed graph, maybe_seed op, i64 op_id) {
  constexpr i64 modulus = std::numeric_limits<std::int32_t>::max();
  constexpr i64 default_graph = 87654321;
  if (!graph.is_set && !op.is_set) return {};
  auto const reduced = [](i64 seed) { return static_cast<u64>((seed % modulus + modulus) % modulus); };
  seeds const result{reduced(graph.value_or(default_graph)), reduced(op.value_or(op_id))};
  return result.is_unset() ? seeds{0, static_cast<u64>(modulus)} : result;
}

/// How many blocks one run of an operation moves its stream on, whatever it drew.
constexpr i64 blocks_used(i64 outputs) { return 256 * outputs; }

/// The seeds of a stream and a block of it.
struct position {
  random::seeds seeds;
  i64 block;
};
/// Where an operation of a session stands in its stream.
struct stream {
  static constexpr int words = 6;

  i64 block = 0;
  u64 unseeded = 0;  // the stream where no seed was given, to the operation nor to the session
  i64 op_id = 0;     // the operation's seed where only the session has one
  i64 graph_seed = 0, op_seed = 0;
  bool has_graph_seed = false, has_op_seed = false;

  /// The position, moved on by a run that gives so many values. Another seed than before begins a stream anew.
  position advance(maybe_seed seed, i64 outputs) {
    if (seed.is_set && (!has_op_seed || op_seed != seed.value)) {
      has_op_seed = true;
      op_seed = seed.value;
      block = 0;
    }
    seeds from = resolve(has_graph_seed ? maybe_seed(graph_seed) : maybe_seed(), seed, op_id);
    if (from.is_unset()) from = {unseeded, unseeded * 0x9e3779b97f4a7c15u + 1};
    position const result{from, block};
    block += blocks_used(outputs);
    return result;
  }
};
static_assert(sizeof(stream) <= stream::words * sizeof(i64));

/// Philox4x32-10 (Salmon et al., 2011): the block of four words with a given number, for any number at once.
struct philox {
  struct block {
    std::uint32_t word[4];
    friend constexpr bool operator==(block const&, block const&) = default;
  };
  static constexpr std::uint32_t multiplier[2] = {0xD2511F53, 0xCD9E8D57}, weyl[2] = {0x9E3779B9, 0xBB67AE85};
  static constexpr int rounds = 10;

  std::uint32_t key[2], high[2];

  constexpr explicit philox(seeds s)
      : key{static_cast<std::uint32_t>(s.graph), static_cast<std::uint32_t>(s.graph >> 32)},
        high{static_cast<std::uint32_t>(s.op), static_cast<std::uint32_t>(s.op >> 32)} {}

  /// `Lanes` counters become their blocks in place; the loop over the lanes is the one that the compiler vectorises.
  template <int Lanes>
  constexpr void scramble(std::uint32_t (&a)[Lanes], std::uint32_t (&b)[Lanes], std::uint32_t (&c)[Lanes],
                          std::uint32_t (&d)[Lanes]) const {
    std::uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < rounds; ++round, k0 += weyl[0], k1 += weyl[1])
      for (int i = 0; i < Lanes; ++i) {
        u64 const p = u64{multiplier[0]} * a[i], q = u64{multiplier[1]} * c[i];
        a[i] = static_cast<std::uint32_t>(q >> 32) ^ b[i] ^ k0;
        b[i] = static_cast<std::uint32_t>(q);
        c[i] = static_cast<std::uint32_t>(p >> 32) ^ d[i] ^ k1;
        d[i] = static_cast<std::uint32_t>(p);
      }
  }

  constexpr block operator()(u64 index) const {
    std::uint32_t a[1] = {static_cast<std::uint32_t>(index)}, b[1] = {static_cast<std::uint32_t>(index >> 32)};
    std::uint32_t c[1] = {high[0]}, d[1] = {high[1]};
    scramble<1>(a, b, c, d);
    return {{a[0], b[0], c[0], d[0]}};
  }
};

namespace detail {

constexpr int lanes = 64;
constexpr int words = 4 * lanes;
constexpr double two_pi = 6.28318530717958647692;

/// How many words make one value.
template <class T>
constexpr int words_each = sizeof(T) / sizeof(std::uint32_t);

/// The words of `lanes` blocks, `stride` blocks apart, in the order of the stream.
[[gnu::noinline]] inline void draw(philox const& generator, u64 first, u64 stride, std::uint32_t (&out)[words]) {
  std::uint32_t a[lanes], b[lanes], c[lanes], d[lanes];
  for (int i = 0; i < lanes; ++i) {
    u64 const index = first + stride * static_cast<u64>(i);
    a[i] = static_cast<std::uint32_t>(index);
    b[i] = static_cast<std::uint32_t>(index >> 32);
    c[i] = generator.high[0];
    d[i] = generator.high[1];
  }
  generator.scramble<lanes>(a, b, c, d);
  for (int i = 0; i < lanes; ++i)
    out[4 * i] = a[i], out[4 * i + 1] = b[i], out[4 * i + 2] = c[i], out[4 * i + 3] = d[i];
}

TFX_INLINE float unit(std::uint32_t x) { return std::bit_cast<float>((x & 0x7fffffu) | 0x3f800000u) - 1.0f; }

TFX_INLINE double unit(std::uint32_t x0, std::uint32_t x1) {
  return std::bit_cast<double>(u64{(x0 & 0xfffffu) | 0x3ff00000u} << 32 | x1) - 1.0;
}

/// −2 ln(u) for u in [1e-7, 1): own polynomials, since a call of the library keeps the loop from being vectorised.
TFX_INLINE float minus_two_log(float u) {
  auto const bits = std::bit_cast<std::uint32_t>(u) + (0x3f800000u - 0x3f3504f3u);
  auto const exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
  float const f = std::bit_cast<float>((bits & 0x7fffffu) + 0x3f3504f3u) - 1.0f;
  float p = 6.971611472e-02f;
  p = p * f - 1.147973385e-01f;
  p = p * f + 1.168541992e-01f;
  p = p * f - 1.242568733e-01f;
  p = p * f + 1.424905765e-01f;
  p = p * f - 1.666780232e-01f;
  p = p * f + 2.000071575e-01f;
  p = p * f - 2.499999696e-01f;
  p = p * f + 3.333333118e-01f;
  float const square = f * f;
  float const log_of_fraction = f + (square * f * p - 0.5f * square);
  return -2.0f * (exponent * 0.693147182f + log_of_fraction);
}

/// sin(a) and cos(a) for a in [0, 2π]; π/2 in three parts keeps the reduced angle exact.
TFX_INLINE void sine_cosine(float a, float& sine, float& cosine) {
  auto const quadrant = static_cast<std::int32_t>(a * 0.636619772f + 0.5f);
  auto const q = static_cast<float>(quadrant);
  float const r = a - q * 1.5703125f - q * 4.837512969970703e-4f - q * 7.549789955e-8f;
  float const z = r * r;
  float const s = r + r * z * (-1.666666466e-01f + z * (8.332748271e-03f - z * 1.958789088e-04f));
  float const c = 1.0f - 0.5f * z + z * z * (4.166666466e-02f + z * (-1.388830304e-03f + z * 2.454794209e-05f));
  auto const quarter = static_cast<std::uint32_t>(quadrant);
  // Odd quadrants swap the two, and bits 1 and 2 of the quadrant are the signs.
  auto const swap = quarter & 1u;
  auto const bs = std::bit_cast<std::uint32_t>(s), bc = std::bit_cast<std::uint32_t>(c);
  sine = std::bit_cast<float>((swap == 0 ? bs : bc) ^ (quarter & 2u) << 30);
  cosine = std::bit_cast<float>((swap == 0 ? bc : bs) ^ ((quarter + 1u) & 2u) << 30);
}

/// Box–Muller on each pair of words.
template <int Words>
void to_normal(std::uint32_t const (&x)[Words], float* out) {
  constexpr int pairs = Words / 2;
  float u[pairs], angle[pairs];
  for (int i = 0; i < pairs; ++i) {
    float const v = unit(x[2 * i]);
    u[i] = minus_two_log(v < 1e-7f ? 1e-7f : v);
    angle[i] = static_cast<float>(two_pi * static_cast<double>(unit(x[2 * i + 1])));
  }
  for (int i = 0; i < pairs; ++i) u[i] = std::sqrt(u[i]);
  for (int i = 0; i < pairs; ++i) {
    float s, c;
    sine_cosine(angle[i], s, c);
    out[2 * i] = u[i] * s;
    out[2 * i + 1] = u[i] * c;
  }
}

template <int Words>
void to_normal(std::uint32_t const (&x)[Words], double* out) {
  for (int i = 0; i < Words; i += 4) {
    double const u = unit(x[i], x[i + 1]), angle = two_pi * unit(x[i + 2], x[i + 3]);
    double const radius = std::sqrt(-2.0 * std::log(u < 1e-7 ? 1e-7 : u));
    out[i / 2] = radius * std::sin(angle);
    out[i / 2 + 1] = radius * std::cos(angle);
  }
}

/// Draws chunk after chunk of blocks, lets `convert(words, values)` make the values of a chunk, and stores n of them.
template <class T>
void fill(T* out, i64 n, seeds s, i64 first_block, auto convert) {
  constexpr int chunk = words / words_each<T>;
  philox const generator(s);
  std::uint32_t x[words];
  auto block = static_cast<u64>(first_block);
  T rest[chunk];
  for (; n > 0; n -= chunk, out += chunk, block += lanes) {
    draw(generator, block, 1, x);
    convert(x, n < chunk ? rest : out);
    if (n < chunk) std::memcpy(out, rest, static_cast<std::size_t>(n) * sizeof(T));
  }
}

/// TensorFlow's rule: values are drawn in groups of one block each, group g has blocks 256/words_each · g onwards to
/// itself, and takes normal values from them in order, leaving out those of 2 and beyond.
template <class T>
void fill_truncated(T* out, i64 n, seeds s, i64 first_block) {
  constexpr int group = 4 / words_each<T>;
  constexpr u64 stride = 256 / words_each<T>;
  philox const generator(s);
  std::uint32_t x[words];
  T values[lanes * group];
  for (auto start = static_cast<u64>(first_block); n > 0; start += stride * lanes) {
    draw(generator, start, stride, x);
    to_normal(x, values);
    for (u64 g = 0; g < lanes && n > 0; ++g) {
      T kept[2 * group];
      int count = 0;
      T const* next = values + g * group;
      for (u64 block = start + stride * g;; next = kept + group) {
        for (int i = 0; i < group; ++i)
          if (T const value = next[i]; std::abs(value) < T(2) && count < group) kept[count++] = value;
        if (count == group) break;
        to_normal(generator(++block).word, kept + group);
      }
      for (int i = 0; i < group && n > 0; ++i, --n) *out++ = kept[i];
    }
  }
}

}  // namespace detail

/// The plain 32-bit words of a stream, four to a block.
inline void bits(std::uint32_t* out, i64 n, seeds s, i64 first_block = 0) {
  detail::fill(out, n, s, first_block, [](std::uint32_t const(&x)[detail::words], std::uint32_t* y) {
    for (int i = 0; i < detail::words; ++i) y[i] = x[i];
  });
}

/// Values of the uniform distribution on [0, 1), starting at a block of the stream.
inline void uniform(float* out, i64 n, seeds s, i64 first_block = 0) {
  detail::fill(out, n, s, first_block, [](std::uint32_t const(&x)[detail::words], float* y) {
    for (int i = 0; i < detail::words; ++i) y[i] = detail::unit(x[i]);
  });
}
inline void uniform(double* out, i64 n, seeds s, i64 first_block = 0) {
  detail::fill(out, n, s, first_block, [](std::uint32_t const(&x)[detail::words], double* y) {
    for (int i = 0; i < detail::words / 2; ++i) y[i] = detail::unit(x[2 * i], x[2 * i + 1]);
  });
}

/// Whole numbers lie in [lo, hi): one at least.
template <std::integral T>
void check_bounds(T lo, T hi) {
  if (lo < hi) return;
  if constexpr (std::is_signed_v<T>) {
    raise<errors::InvalidArgumentError>("Need minval < maxval, got %lld >= %lld", static_cast<long long>(lo),
                                        static_cast<long long>(hi));
  } else {
    raise<errors::InvalidArgumentError>("Need minval < maxval, got %llu >= %llu", static_cast<unsigned long long>(lo),
                                        static_cast<unsigned long long>(hi));
  }
}

/// Whole numbers of 32 or 64 bits in [lo, hi), as TensorFlow draws them: lo + x mod (hi − lo).
template <std::integral T>
void uniform_int(T* out, i64 n, T lo, T hi, seeds s, i64 first_block = 0) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8);
  using word = std::make_unsigned_t<T>;
  check_bounds(lo, hi);
  word const first = static_cast<word>(lo), range = static_cast<word>(static_cast<word>(hi) - first);
  detail::fill(out, n, s, first_block, [=](std::uint32_t const(&x)[detail::words], T* y) {
    for (int i = 0; i < detail::words / detail::words_each<T>; ++i) {
      word value;
      if constexpr (sizeof(T) == 4)
        value = x[i];
      else
        value = x[2 * i] | word{x[2 * i + 1]} << 32;
      y[i] = static_cast<T>(first + value % range);
    }
  });
}

/// Values of the standard normal distribution.
template <std::floating_point T>
void normal(T* out, i64 n, seeds s, i64 first_block = 0) {
  detail::fill(out, n, s, first_block, [](std::uint32_t const(&x)[detail::words], T* y) { detail::to_normal(x, y); });
}

/// Values of the standard normal distribution whose magnitude is below 2; others are drawn again.
template <std::floating_point T>
void truncated_normal(T* out, i64 n, seeds s, i64 first_block = 0) {
  detail::fill_truncated(out, n, s, first_block);
}

}  // namespace random
TFX_END
