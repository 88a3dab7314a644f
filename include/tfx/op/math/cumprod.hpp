// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/cumsum.hpp>
#include <tfx/op/math/linear_recurrence.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN

/// Running products along an axis. With p the product of all before an element, y = p · x or, exclusive, y = p.
/// Gradient, with w the reverse recurrence of x and the adjoint of p: p · w, and p · dy where x itself is in y; no
/// division.
struct cumprod_op : running_op {
  static constexpr auto name = "Cumprod";
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  static constexpr auto first(auto x) { return x; }
  static constexpr auto combine(auto a, auto b) { return a * b; }

  /// p of the call's x.
  static constexpr handle before(auto const& call) {
    attributes const along(call.attributes());
    if (along.exclusive) return call.y();
    i64 const words[] = {along.axis, 1, along.reversed};
    return add_node<cumprod_op>(words, 3, call.x(0));
  }
  static constexpr handle recurrence(auto const& call, bool same_direction, auto b) {
    attributes const along(call.attributes());
    i64 const words[] = {along.reversed == same_direction, place_of_axis(along.axis, call.x(0).rank()), 1};
    return add_node<linear_recurrence_op>(words, 3, call.x(0), b);
  }
  static constexpr void gradient(auto& call) {
    bool const exclusive = attributes(call.attributes()).exclusive;
    handle const p = before(call);
    call.dx[0] = multiply_no_nan(p, recurrence(call, false, exclusive ? call.dy : call.dy * call.x(0)));
    if (!exclusive) call.dx[0] = call.dx[0] + call.dy * p;
  }
  static constexpr void tangent(auto& call) {
    bool const exclusive = attributes(call.attributes()).exclusive;
    handle const p = before(call);
    call.tangent = recurrence(call, true, multiply_no_nan(p, call.dx[0]));
    if (!exclusive) call.tangent = call.tangent * call.x(0) + p * call.dx[0];
  }
  template <class Call>
  static void run(Call const& call) {
    run_as<cumprod_op>(call);
  }
};

/// Running products of x along an axis (default: the first), as `cumsum`: `cumprod(x, axis<0>, exclusive, reversed)`.
template <name Name = "", expression X, int A = 0, running_flag... Flag>
constexpr result_with<cumprod_op, Name, running_words<A, Flag...>, X> cumprod(X const& x, axes_t<A> = {}, Flag...) {
  return apply<cumprod_op, Name, running_words<A, Flag...>>(x);
}

TFX_END
