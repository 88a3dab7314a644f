// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/linear_recurrence.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply_no_nan.hpp>

TFX_BEGIN

/// What recurrences along axes share. The derivative of one is another one.
struct recurrence {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  struct attributes {
    bool reversed;
    int first, count;  // the axes, whose elements are taken in row-major order
    constexpr explicit attributes(attribute_words w)
        : reversed(w[0] != 0), first(static_cast<int>(w[1])), count(static_cast<int>(w[2])) {}
  };

  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) call.shape = call.shapes[0];
  }
  /// The recurrence of `a` and `b` along the axes of `call`'s: in its direction, or in the other one.
  static constexpr handle along(auto const& call, bool same_direction, auto a, auto b);

  template <bool Adds, class Call>
  static void run(Call const& call, typename Call::out_type const* b) {
    constexpr dims x = Call::in_shape(0);
    constexpr attributes axes(Call::attributes());
    constexpr int first = axes.first, last = first + axes.count;
    kernel::linear_recurrence<Adds>(call.template in<0>(), b, call.out(), call.count(x, 0, first),
                                    call.count(x, first, last), call.count(x, last, x.rank), axes.reversed);
  }
};

/// z of z[0] = 0, z[i + 1] = a[i] · z[i] + b[i]. Inputs: a, b. Gradient, with w the reverse recurrence of a and dy:
/// w · z and w.
struct linear_recurrence_op : recurrence {
  static constexpr auto name = "LinearRecurrence";
  static constexpr void gradient(auto& call) {
    call.dx[1] = along(call, false, call.x(0), call.dy);
    call.dx[0] = multiply_no_nan(call.y(), call.dx[1]);
  }
  static constexpr void tangent(auto& call) {
    handle moved = call.dx[1];
    if (call.dx[0]) {
      handle const term = multiply_no_nan(call.y(), call.dx[0]);
      moved = moved ? moved + term : term;
    }
    if (moved) call.tangent = along(call, true, call.x(0), moved);
  }
  template <class Call>
  static void run(Call const& call) {
    recurrence::run<true>(call, call.template in<1>());
  }
};

/// For each element the product of those before it (in reverse: after it). Gradient, with w the reverse recurrence of x
/// and dy: w · y.
struct exclusive_product_op : recurrence {
  static constexpr auto name = "ExclusiveProduct";
  static constexpr void gradient(auto& call) {
    call.dx[0] = multiply_no_nan(call.y(), along(call, false, call.x(0), call.dy));
  }
  static constexpr void tangent(auto& call) {
    call.tangent = along(call, true, call.x(0), multiply_no_nan(call.y(), call.dx[0]));
  }
  template <class Call>
  static void run(Call const& call) {
    recurrence::run<false>(call, nullptr);
  }
};

constexpr handle recurrence::along(auto const& call, bool same_direction, auto a, auto b) {
  attributes const axes(call.attributes());
  i64 const words[] = {axes.reversed == same_direction, axes.first, axes.count};
  return add_node<linear_recurrence_op>(words, 3, a, b);
}

TFX_END
