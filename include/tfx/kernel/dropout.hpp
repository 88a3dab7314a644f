// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/random/stream.hpp>
#include <tfx/simd/pack.hpp>

TFX_BEGIN

namespace kernel {

/// How many elements are dropped or kept together.
template <class T>
inline constexpr i64 dropout_chunk = random::detail::words / random::detail::words_each<T>;

/// y = x / keep_prob · floor(keep_prob + u) for elements [begin, end) of a whole that begins at block `at.block` of its
/// stream, u uniform: TensorFlow's formula with TensorFlow's numbers. `begin` is a multiple of dropout_chunk.
template <class T>
void dropout(T const* x, T* y, i64 begin, i64 end, T keep_prob, random::position at) {
  if (begin >= end) return;
  if (keep_prob == T(1)) {
    std::copy_n(x + begin, end - begin, y + begin);
    return;
  }
  using pack = simd::pack<T, simd::width<T>>;
  constexpr int chunk = dropout_chunk<T>;
  random::philox const generator(at.seeds);
  std::uint32_t word[random::detail::words];
  auto block = static_cast<u64>(at.block) + static_cast<u64>(begin / chunk) * random::detail::lanes;
  for (i64 i = begin; i < end; i += chunk, block += random::detail::lanes) {
    random::detail::draw(generator, block, 1, word);
    T mask[chunk];
    for (int k = 0; k < chunk; ++k) {
      T u;
      if constexpr (sizeof(T) == sizeof word[0]) {
        u = random::detail::unit(word[k]);
      } else {
        u = random::detail::unit(word[2 * k], word[2 * k + 1]);
      }
      mask[k] = keep_prob + u >= T(1) ? T(1) : T(0);
    }
    int const count = static_cast<int>(std::min<i64>(chunk, end - i));
    for (int k = 0; k < count; k += pack::lanes) {
      int const lanes = count - k < pack::lanes ? count - k : pack::lanes;
      if (lanes == pack::lanes) {
        (pack::load(x + i + k) / pack(keep_prob) * pack::load(mask + k)).store(y + i + k);
      } else {
        (pack::load(x + i + k, lanes) / pack(keep_prob) * pack::load(mask + k, lanes)).store(y + i + k, lanes);
      }
    }
  }
}

/// Refuses what is no probability to keep an element with.
template <class T>
constexpr void check_keep_prob(T keep_prob) {
  if (keep_prob > T(0) && keep_prob <= T(1)) return;
  raise<errors::InvalidArgumentError>("keep_prob must be a scalar tensor or a float in the range (0, 1], got %g",
                                      static_cast<double>(keep_prob));
}

}  // namespace kernel
TFX_END
