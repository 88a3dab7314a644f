// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/op/array/tile.hpp>

TFX_BEGIN

/// How many times each element stands along each axis: `factors<1, 2, 2, 1>`.
template <i64... F>
struct factors_t {};
template <i64... F>
  requires((F > 0) && ...)
inline constexpr factors_t<F...> factors{};

namespace kernel {
/// Writes x with each element so many times along each axis; moves x behind what it read, and gives the end of `out`.
template <class T>
T* upsample(T const*& x, T* out, i64 const* extents, i64 const* factors, int rank) {
  if (rank == 1 && factors[0] == 1) {
    out = std::copy_n(x, extents[0], out);
    x += extents[0];
  } else if (rank == 1) {
    for (i64 i = 0; i < extents[0]; ++i) out = std::fill_n(out, factors[0], *x++);
  } else {
    for (i64 i = 0; i < extents[0]; ++i) {
      T* const once = out;
      T* const end = out = upsample(x, out, extents + 1, factors + 1, rank - 1);
      for (i64 k = 1; k < factors[0]; ++k) out = std::copy(once, end, out);
    }
  }
  return out;
}
}  // namespace kernel

/// Each element of x as a box of equal ones. Gradient: the sums of dy over those boxes.
struct upsample_op : repeating_op<1> {
  static constexpr auto name = "Upsample";
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0), factors = attributes(Call::attributes()).times;
    // Neighbours that are not repeated are one axis.
    i64 extents[x.rank + 1] = {1}, times[x.rank + 1] = {1};
    int count = 0;
    for (int i = 0; i < x.rank; ++i) {
      if (i > 0 && factors[i] == 1 && times[count - 1] == 1) {
        extents[count - 1] *= call.extent(x[i]);
      } else {
        times[count] = factors[i];
        extents[count++] = call.extent(x[i]);
      }
    }
    auto const* from = call.template in<0>();
    kernel::upsample(from, call.out(), extents, times, count > 0 ? count : 1);
  }
};

/// Each element of x so many times along each axis: `upsample(x, factors<1, 2, 2, 1>)` makes of images
/// [n, h, w, c] ones [n, 2h, 2w, c], of the nearest pixels. Keras: UpSampling1D, UpSampling2D and UpSampling3D.
template <name Name = "", expression X, i64... F>
constexpr result_with<upsample_op, Name, words<F...>, X> upsample(X const& x, factors_t<F...>) {
  static_assert(sizeof...(F) <= max_rank, "tfx: upsample: a factor for each axis");
  return apply<upsample_op, Name, words<F...>>(x);
}
/// Inside functions over handles, by factors that may be computed: `upsample(x, {1, f, f, 1})`.
template <untyped X>
constexpr X upsample(X const& x, extents factors) {
  return detail::add_value(info<upsample_op>, {}, factors.value.extent, factors.value.rank, x);
}

TFX_END
