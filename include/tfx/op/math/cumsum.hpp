// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/shuffle.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

namespace kernel {

/// Running values of Op along n places that are `step` apart, in order, as a plain loop would: for as many columns as
/// `Packs` have lanes, of one pack for the first `count`.
template <class Op, bool Exclusive, int Packs, class T>
inline void running_columns(T const* x, T* y, i64 n, i64 step, int count) {
  constexpr int l = simd::width<T>;
  using pack = simd::pack<T, l>;
  auto const load = [count](T const* p)
                        __attribute__((always_inline)) { return Packs > 1 ? pack::load(p) : pack::load(p, count); };
  auto const store = [count](pack const& v, T* p)
                         __attribute__((always_inline)) { Packs > 1 ? v.store(p) : v.store(p, count); };
  pack value[Packs];
  TFX_UNROLL for (int k = 0; k < Packs; ++k) {
    value[k] = Op::first(load(x + k * l));
    store(Exclusive ? pack(Op::template identity<T>()) : value[k], y + k * l);
  }
  for (i64 i = 1; i < n; ++i) {
    x += step;
    y += step;
    TFX_UNROLL for (int k = 0; k < Packs; ++k) {
      if constexpr (Exclusive) store(value[k], y + k * l);
      value[k] = Op::combine(value[k], load(x + k * l));
      if constexpr (!Exclusive) store(value[k], y + k * l);
    }
  }
}

/// The same for one column.
template <class Op, bool Exclusive, class T>
inline void running_column(T const* x, T* y, i64 n, i64 step) {
  // Integers wrap; complex numbers are multiplied as in packs.
  using whole = std::conditional_t<(sizeof(T) > 4), u64, std::uint32_t>;
  using number = std::conditional_t<std::is_floating_point_v<T>, T,
                                    std::conditional_t<std::is_integral_v<T>, whole, simd::pack<T, 1>>>;
  auto const store = [](number const& v, T* p) {
    if constexpr (simd::is_pack<number>) {
      v.store(p);
    } else {
      *p = static_cast<T>(v);
    }
  };
  number value = Op::first(number(*x));
  store(Exclusive ? number(Op::template identity<T>()) : value, y);
  for (i64 i = 1; i < n; ++i) {
    x += step;
    y += step;
    if constexpr (Exclusive) store(value, y);
    value = Op::combine(value, number(*x));
    if constexpr (!Exclusive) store(value, y);
  }
}

/// The same for as many rows of n as a register has lanes: in squares that are turned in registers.
template <class Op, bool Exclusive, class T>
inline void running_rows(T const* x, T* y, i64 n, bool reversed) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  auto value = to_pack(v{});
  for (i64 i = 0; i < n; i += l) {
    int const width = n - i < l ? static_cast<int>(n - i) : l;
    i64 const place = reversed ? n - i - width : i;
    v square[l];
    TFX_UNROLL for (int r = 0; r < l; ++r) { square[r] = load<v>(x + r * n + place, width); }
    transpose_lanes(square);
    for (int c = 0; c < width; ++c) {
      v& column = square[reversed ? width - 1 - c : c];
      auto const in = to_pack(column), before = i + c == 0 ? decltype(value)(Op::template identity<T>()) : value;
      value = i + c == 0 ? Op::first(in) : Op::combine(value, in);
      column = (Exclusive ? before : value).get(0);
    }
    transpose_lanes(square);
    TFX_UNROLL for (int r = 0; r < l; ++r) { to_pack(square[r]).store(y + r * n + place, width); }
  }
}

/// y[outer, n, inner]: the running values of x along the middle axis, from its begin or, reversed, from its end.
template <class Op, bool Exclusive, class T>
inline void running(T const* x, T* y, i64 outer, i64 n, i64 inner, bool reversed) {
  constexpr int l = simd::width<T>, packs = 4;
  constexpr bool has_squares = std::is_arithmetic_v<T> && sizeof(T) >= 4 && l > 1;
  if (n == 0) return;
  i64 const step = reversed ? -inner : inner, begin = reversed ? (n - 1) * inner : 0;
  for (i64 o = 0; o < outer; ++o, x += n * inner, y += n * inner) {
    i64 j = 0;
    if (inner == 1) {
      if constexpr (has_squares) {
        for (; o + l <= outer; o += l, x += l * n, y += l * n) running_rows<Op, Exclusive>(x, y, n, reversed);
        if (o == outer) return;
      }
      running_column<Op, Exclusive>(x + begin, y + begin, n, step);
      continue;
    }
    for (; j + packs * l <= inner; j += packs * l)
      running_columns<Op, Exclusive, packs>(x + begin + j, y + begin + j, n, step, l);
    for (; j < inner; j += l)
      running_columns<Op, Exclusive, 1>(x + begin + j, y + begin + j, n, step,
                                        inner - j < l ? static_cast<int>(inner - j) : l);
  }
}

}  // namespace kernel

/// What running sums and products share. Of numbers in a row each is combined with all before it.
struct running_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  struct attributes {
    i64 axis;
    bool exclusive, reversed;
    constexpr explicit attributes(attribute_words w) : axis(w[0]), exclusive(w[1] != 0), reversed(w[2] != 0) {}
  };

  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (call.axis_of(x, attributes(call.attributes()).axis) != no_axis) call.shape = x;
  }
  template <class Op, class Call>
  static void run_as(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr attributes along(Call::attributes());
    constexpr int axis = place_of_axis(along.axis, x.rank);
    kernel::running<Op, along.exclusive>(call.template in<0>(), call.out(), call.count(x, 0, axis),
                                         call.extent(x[axis]), call.count(x, axis + 1, x.rank), along.reversed);
  }
};

/// Running sums along an axis. Gradient: those of dy, the other way.
struct cumsum_op : running_op {
  static constexpr auto name = "Cumsum";
  static constexpr op_traits traits{.multilinear = true};
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  static constexpr auto first(auto x) { return x + decltype(x)(0); }  // of -0 it is 0
  static constexpr auto combine(auto a, auto b) { return a + b; }
  static constexpr void gradient(auto& call) {
    attributes const along(call.attributes());
    i64 const words[] = {along.axis, along.exclusive, !along.reversed};
    call.dx[0] = add_node<cumsum_op>(words, 3, call.dy);
  }
  template <class Call>
  static void run(Call const& call) {
    run_as<cumsum_op>(call);
  }
};

/// Leaves each number out of its own running sum: `cumsum(x, axis<0>, exclusive)`.
struct exclusive_t {};
inline constexpr exclusive_t exclusive{};
/// From the end of the axis to its begin: `cumsum(x, axis<0>, reversed)`.
struct reversed_t {};
inline constexpr reversed_t reversed{};
template <class Flag>
concept running_flag = std::is_same_v<Flag, exclusive_t> || std::is_same_v<Flag, reversed_t>;
template <int A, running_flag... Flag>
using running_words = words<A, (std::is_same_v<Flag, exclusive_t> || ...), (std::is_same_v<Flag, reversed_t> || ...)>;

/// Running sums of x along an axis (default: the first): of {1, 2, 3} {1, 3, 6}, `exclusive` {0, 1, 3}, `reversed`
/// {6, 5, 3}, and both, `cumsum(x, axis<0>, exclusive, reversed)`, {5, 3, 0}.
template <name Name = "", expression X, int A = 0, running_flag... Flag>
constexpr result_with<cumsum_op, Name, running_words<A, Flag...>, X> cumsum(X const& x, axes_t<A> = {}, Flag...) {
  return apply<cumsum_op, Name, running_words<A, Flag...>>(x);
}

TFX_END
