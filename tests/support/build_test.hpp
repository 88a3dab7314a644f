// SPDX-License-Identifier: Apache-2.0
// What a function gives for expressions and, built, for handles.
#pragma once
#include <support/op_test.hpp>

namespace build_test {

/// Every element the same.
template <class... A, class... B>
void check_all_equal(std::tuple<A...> const& built, std::tuple<B...> const& typed) {
  static_assert(sizeof...(A) == sizeof...(B));
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (..., [&](std::size_t at) {
      CAPTURE(at);
      CHECK(op_test::same(std::get<I>(built), op_test::flat(std::get<I>(typed)), 0));
    }(I));
  }(std::index_sequence_for<A...>{});
}

/// The sum of the squares of what is floating in a tuple.
template <class... Y>
auto loss_of(std::tuple<Y...> const& results) {
  auto const one = [](auto const& y) {
    using T = typename std::remove_cvref_t<decltype(y)>::value_type;
    if constexpr (std::is_same_v<T, float>) {
      return tfx::reduce_sum(tfx::square(y));
    } else {
      return tfx::zeros(tfx::shape<>);
    }
  };
  return std::apply([&](auto const&... y) { return (one(y) + ...); }, results);
}

/// `f`, which gives a tuple, is called with x itself and with its handle: values and derivatives are the same, but for
/// derivatives of derivatives, whose terms may be added up in another order.
template <class F, class X, class Value>
void check_equal(F f, X const& x, Value const& value, double tolerance = 0) {
  auto const typed = f(x);
  auto const built = tfx::build(f)(x);
  auto const [typed_dx] = tfx::gradients(loss_of(typed), x);
  auto const [built_dx] = tfx::gradients(loss_of(built), x);
  tfx::Session sess;
  sess.run(tfx::global_variables_initializer(typed_dx));
  auto const [of_typed, of_built, dx, dx_built] = sess.run(tfx::fetch(typed, built, typed_dx, built_dx), x = value);
  check_all_equal(of_built, of_typed);
  CHECK(op_test::same(dx_built, op_test::flat(dx), tolerance));
}
}  // namespace build_test
