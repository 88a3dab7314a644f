// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/outputs.hpp>
#include <tfx/op/array/concat.hpp>
#include <tfx/op/array/expand_dims.hpp>

TFX_BEGIN

/// How many parts there are: `unstack(x, num<3>)`.
template <int N>
struct num_t {};
template <int N>
inline constexpr num_t<N> num{};

/// x in parts of one element along an axis, which they have no more. Words: the axis, and how many there are where that
/// was told. Gradient: those of the parts, stacked.
struct unstack_op : partition {
  static constexpr auto name = "Unpack";

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    dims const& x = call.shapes[0];
    attributes const words(call.attributes());
    bool const is_told = words.parts.count > 0;
    if (is_told) {
      call.outputs = static_cast<int>(words.parts[0]);
      if (call.defer()) return;
    }
    if (!x.is_known()) return call.refuse(refusal_kind::open_extent, x, {}, words.axis);
    int const axis = call.axis_of(x, words.axis);
    if (axis == no_axis) return;
    if (is_told) {
      dims parts = x;
      parts[axis] = call.outputs;
      call.agree(x[axis], parts[axis], x, parts);
      if (call.failed()) return;
    } else {
      if (x[axis] < 0) return call.refuse(refusal_kind::open_extent, x, {}, words.axis);
      call.outputs = static_cast<int>(x[axis]);
    }
    for (int i = 0; i < x.rank; ++i)
      if (i != axis) call.shape.push_back(x[i]);
  }
  static constexpr void gradient(auto& call) {
    int const axis = attributes(call.attributes()).place(call.x(0).rank());
    for (int k = 0; k < call.dys.count; ++k) {
      handle const part = expand_dims(call.dys[k] ? call.dys[k] : call.output(k), axis);
      call.dys[k] = call.dys[k] ? part : fill_like(part, 0.0);
    }
    partition::gradient(call);
  }
  template <int, class Call>
  static i64 length(Call const&) {
    return 1;
  }
  template <class Call>
  static void run(Call const& call) {
    copy_parts<unstack_op>(call);
  }
};

/// The parts of x along an axis (default: the first) of static extent, as a tuple: `auto [a, b] = unstack(x, axis<1>);`
template <name Name = "", typed_expression X, int A = 0>
constexpr outputs_with<unstack_op, Name, words<A>, 0, X> unstack(X const& x, axes_t<A> = {}) {
  return apply_outputs<unstack_op, Name, words<A>, 0>(x);
}
/// The same of N parts, where the extent may be one that only a run tells, and inside functions over handles:
/// `auto [a, b, c] = unstack(x, num<3>, axis<1>);`
template <name Name = "", expression X, int N, int A = 0>
constexpr outputs_with<unstack_op, Name, words<A, N>, N, X> unstack(X const& x, num_t<N>, axes_t<A> = {}) {
  static_assert(N > 0, "unstack: at least one part");
  return apply_outputs<unstack_op, Name, words<A, N>, N>(x);
}
namespace detail {
inline void the_extent_that_is_unstacked_is_no_number_use_num() {}  // no constant expression: calling it is the error
}  // namespace detail
/// Inside functions over handles, as many parts as the extent tells: `for (auto const& step : unstack(x, axis<1>))`.
template <name Name = "", untyped X, int A = 0, class Output = output_op>
constexpr vector<X> unstack(X const& x, axes_t<A> = {}) {
  X const several = apply<unstack_op, Name, words<A>>(x);
  dims const shape = x.shape();
  int const axis = place_of_axis(A, shape.rank);
  vector<X> parts;
  if (axis == no_axis) return parts;  // refused already
  if (shape[axis] < 0) detail::the_extent_that_is_unstacked_is_no_number_use_num();
  for (i64 k = 0; k < shape[axis]; ++k) parts.push_back(detail::add_value(info<Output>, {}, &k, 1, several));
  return parts;
}

TFX_END
