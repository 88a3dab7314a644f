// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/complex.hpp>

TFX_BEGIN
namespace simd {

/// What combines two registers lane by lane.
struct add_lanes {
  template <class V>
  TFX_INLINE V operator()(V a, V b) const {
    return native::apply<'+'>(a, b);
  }
};
struct multiply_lanes {
  template <class V>
  TFX_INLINE V operator()(V a, V b) const {
    return native::apply<'*'>(a, b);
  }
};
struct max_lanes {
  template <class V>
  TFX_INLINE V operator()(V a, V b) const {
    return native::extreme_or_nan<true>(a, b);
  }
};
struct min_lanes {
  template <class V>
  TFX_INLINE V operator()(V a, V b) const {
    return native::extreme_or_nan<false>(a, b);
  }
};

/// N values v[start], v[start + stride], … combined as one tree: value i with value i + N/2, and so on.
template <class F, int N, int Start = 0, int Stride = 1, class V>
TFX_INLINE auto tree(V const& v) {
  if constexpr (N == 1) {
    return v[Start];
  } else {
    return F{}(tree<F, N / 2, Start, 2 * Stride>(v), tree<F, N / 2, Start + Stride, 2 * Stride>(v));
  }
}

/// The first N lanes of a register combined.
template <class F, int N, class V>
TFX_INLINE native::lane_of<V> fold_register(V v) {
  if constexpr (N == 1) {
    return v[0];
  } else if constexpr (sizeof(V) > 16) {
    return fold_register<F, N / 2>(F{}(native::part<0, N / 2>(v), native::part<N / 2, N / 2>(v)));
  } else {
    V const upper = native::rotate<N / 2>(v, std::make_integer_sequence<int, native::lanes_of<V>>{});
    return fold_register<F, N / 2>(F{}(v, upper));
  }
}

/// All lanes combined by the same tree whatever the processor.
template <class F, class X>
TFX_INLINE lane_t<X> fold(X const& x) {
  if constexpr (!is_pack<X>) {
    return x;
  } else {
    typename X::vec v[X::registers];
    TFX_UNROLL for (int r = 0; r < X::registers; ++r) { v[r] = x.get(r); }
    return fold_register<F, (X::lanes < X::step ? X::lanes : X::step)>(tree<F, X::registers>(v));
  }
}

/// The sum of all lanes; integers wrap.
template <class X>
TFX_INLINE lane_t<X> reduce_add(X const& x) {
  if constexpr (is_complex<X>) {
    return simd::complex(reduce_add(simd::real(x)), reduce_add(simd::imag(x)));
  } else {
    return fold<add_lanes>(x);
  }
}
/// The product of all lanes.
template <class X>
TFX_INLINE lane_t<X> reduce_mul(X const& x) {
  if constexpr (is_complex<X> && is_pack<X>) {
    lane_t<X> product = x[0];
    for (int i = 1; i < X::lanes; ++i) product *= x[i];
    return product;
  } else if constexpr (is_complex<X>) {
    return x;
  } else {
    return fold<multiply_lanes>(x);
  }
}
/// The largest lane; NaN if there is one.
template <class X>
TFX_INLINE lane_t<X> reduce_max(X const& x) {
  return fold<max_lanes>(x);
}
/// The smallest lane; NaN if there is one.
template <class X>
TFX_INLINE lane_t<X> reduce_min(X const& x) {
  return fold<min_lanes>(x);
}
/// Whether all lanes are true.
template <class X>
TFX_INLINE bool reduce_and(X const& x) {
  if constexpr (is_pack<X>) {
    return x.bits == X::all;
  } else {
    return x;
  }
}
/// Whether any lane is true.
template <class X>
TFX_INLINE bool reduce_or(X const& x) {
  if constexpr (is_pack<X>) {
    return x.bits != 0;
  } else {
    return x;
  }
}

}  // namespace simd
TFX_END
