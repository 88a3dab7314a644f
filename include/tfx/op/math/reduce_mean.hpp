// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/size.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// Mean over axes; integers divide as integers. Gradient: dy / count along every axis that was averaged.
struct reduce_mean_op : reduction {
  static constexpr auto name = "Mean";
  static constexpr op_traits traits{.multilinear = true};
  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    infer_shape(call);
  }
  /// In what many of T are added up: the mean of integers is that of their true sum.
  template <class T>
  using sum = std::conditional_t<
      detail::is_complex_type<T>, T,
      std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_signed_v<T>, i64, u64>>>;
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  static constexpr auto combine(auto a, auto b) { return a + b; }
  static constexpr auto fold(auto x) { return simd::reduce_add(x); }
  template <class T, class Sum>
  static constexpr T finish(Sum sum, i64 count) {
    if constexpr (detail::is_complex_type<T>) {
      return sum / static_cast<typename T::value_type>(count);
    } else {
      if constexpr (std::is_integral_v<T>)
        if (count == 0) return T(0);
      return static_cast<T>(sum / static_cast<Sum>(count));
    }
  }
  static constexpr void gradient(gradient_call& call) {
    handle const x = call.x(0);
    unsigned const bits = attributes(call.attributes()).bits(x.rank());
    call.dx[0] = broadcast_to(restore(call, call.dy / size_along(x, bits)), x.shape());
  }
};

/// Mean of x over `axes<…>` (default: all): `reduce_mean(square(error))`.
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_mean_op, Name, words<Keep, A...>, X> reduce_mean(X const& x, axes_t<A...> = {},
                                                                              keepdims_t<Keep> = {}) {
  return apply<reduce_mean_op, Name, words<Keep, A...>>(x);
}

TFX_END
