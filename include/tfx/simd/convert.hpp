// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/complex.hpp>

TFX_BEGIN
namespace simd {
namespace native {

/// N chunks of lanes, from chunk Begin on, each converted by itself.
template <class To, int Chunk, int Begin, int N, class X>
TFX_INLINE vec<To, Chunk * N> cast_chunks(X const& x) {
  if constexpr (N == 1) {
    auto const from = x.get(Begin * Chunk / X::step);
    if constexpr (Chunk == X::step) {
      return cast<To>(from);
    } else {
      return cast<To>(part<Begin * Chunk % X::step, Chunk>(from));
    }
  } else {
    return join(cast_chunks<To, Chunk, Begin, N / 2>(x), cast_chunks<To, Chunk, Begin + N / 2, N / 2>(x));
  }
}

template <class To, int Chunk, int Chunks, class X, class Y, int... R>
TFX_INLINE void cast_registers(X const& x, Y& y, std::integer_sequence<int, R...>) {
  (y.set(R, cast_chunks<To, Chunk, R * Chunks, Chunks>(x)), ...);
}

}  // namespace native

/// Each lane as a To, like static_cast; truth is 0 or 1, and a float that does not fit an integer is harmless. Complex
/// numbers lose their imaginary parts.
template <class To, class X>
TFX_INLINE rebind<X, To> convert(X const& x) {
  using From = lane_t<X>;
  using Y = rebind<X, To>;
  if constexpr (std::is_same_v<From, To>) {
    return x;
  } else if constexpr (std::is_same_v<To, bool>) {
    return x != X(From(0));
  } else if constexpr (detail::is_complex_type<To>) {
    using part = typename To::value_type;
    if constexpr (is_complex<X>) {
      return simd::complex(convert<part>(simd::real(x)), convert<part>(simd::imag(x)));
    } else {
      return simd::complex(convert<part>(x), rebind<X, part>(part(0)));
    }
  } else if constexpr (is_complex<X>) {
    return convert<To>(simd::real(x));
  } else if constexpr (std::is_same_v<From, bool>) {
    return select(x, Y(To(1)), Y(To(0)));
  } else if constexpr (!is_pack<X>) {
    if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
      return native::to_integer<To>(x);
    } else {
      return static_cast<To>(x);
    }
  } else {
    constexpr int chunk = X::step < Y::step ? X::step : Y::step;
    Y y;
    if constexpr (Y::registers * Y::step > X::registers * X::step) {
      // Y's one register has more lanes than x: the rest hold anything.
      auto const low = native::cast_chunks<To, chunk, 0, X::registers>(x);
      typename Y::vec v{};
      __builtin_memcpy(&v, &low, sizeof low);
      y.set(0, v);
    } else {
      native::cast_registers<To, chunk, Y::step / chunk>(x, y, std::make_integer_sequence<int, Y::registers>{});
    }
    return y;
  }
}

}  // namespace simd
TFX_END
