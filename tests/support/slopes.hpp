// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/op_test.hpp>
#include <tfx/keras/model_facts.hpp>

namespace op_test {

/// What the layer is called that gave y.
template <class Y>
std::string_view layer_name(Y const&) {
  constexpr std::string_view name = tfx::keras::detail::name_of_source(*lookup(tfx::key<Y::hash>{}));
  return name;
}

/// Derivatives of y by several tensors, placeholders or variables, against differences of its values, all in double.
/// `phase` is what y is asked for as: in training, or as it is.
template <class Phase, class Y, class... T, class... A>
void check_slopes(tfx::Session& sess, Phase phase, Y const& y, std::tuple<T...> const& of, A const&... at) {
  auto const loss = tfx::reduce_sum(y * tfx::square(y) + y);
  std::apply(
      [&](T const&... t) {
        auto const all = std::apply([&](auto const&... g) { return tfx::fetch(phase(loss), phase(g)...); },
                                    tfx::gradients(loss, t...));
        auto values = std::tuple(at...);
        auto const run = [&] { return std::apply([&](A const&... a) { return sess.run(all, (t = a)...); }, values); };
        auto const here = run();
        auto const check = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
          CAPTURE(K);
          auto& moved = std::get<K>(values);
          std::vector<double> const slopes = flat(std::get<K + 1>(here));
          REQUIRE(slopes.size() == moved.size());
          for (std::size_t i = 0; i < moved.size(); ++i) {
            CAPTURE(i);
            double const kept = moved.data()[i], h = 1e-5;
            moved.data()[i] = kept + h;
            double const up = std::get<0>(run());
            moved.data()[i] = kept - h;
            double const down = std::get<0>(run());
            moved.data()[i] = kept;
            CHECK(near(slopes[i], (up - down) / (2 * h), 1e-6));
          }
        };
        [&]<std::size_t... K>(std::index_sequence<K...>) {
          (check(std::integral_constant<std::size_t, K>{}), ...);
        }(std::index_sequence_for<T...>{});
      },
      of);
}
inline constexpr auto in_use = [](auto const& x) { return x; };

}  // namespace op_test
