// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/feature_columns.hpp>
#include <tfx/estimator/mode_keys.hpp>
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/nn/dropout.hpp>
#include <tfx/variables/get_variable.hpp>

TFX_BEGIN
namespace estimator::detail {

/// tanh(…tanh(x · kernel + bias)…) · kernel + bias, for another activation too: one expression of as many layers as
/// there are sizes, the last of which is that of the logits.
template <class Activation, int Columns, int... Sizes>
struct dnn_logits {
  static constexpr int sizes[sizeof...(Sizes)] = {Sizes...};
  static constexpr int layers = static_cast<int>(sizeof...(Sizes)) - 1;

  constexpr auto operator()(auto x) const {
    return tower(x, [](auto hidden, int) { return hidden; });
  }
  constexpr auto operator()(auto x, auto keep_prob) const {
    return tower(x, [&](auto hidden, int i) {
      return nn::dropout(hidden, keep_prob, name_of("dnn/hiddenlayer_", i, "/dropout"));
    });
  }

 private:
  template <class Handle, class After>
  static constexpr Handle tower(Handle features, After after) {
    Handle x = cast(features, dtype::float32);
    i64 columns = Columns;
    for (int i = 0; i <= layers; ++i) {
      auto const scope = i < layers ? name_of("dnn/hiddenlayer_", i) : name_of("dnn/logits");
      auto const kernel = get_variable(name_of(scope, "/kernel"), {columns, sizes[i]});
      auto const bias = get_variable(name_of(scope, "/bias"), {sizes[i]}, zeros_initializer());
      x = matmul(x, kernel) + bias;
      if (i < layers) x = after(Handle(Activation{}(x)), i);
      columns = sizes[i];
    }
    return x;
  }
};
template <class Activation, bool Drops, int Columns, int... Sizes>
struct dnn {
  dropout_t dropout;

  template <class Features, mode Mode>
  auto operator()(Features const& features, mode_key<Mode>) const {
    using logits = dnn_logits<Activation, Columns, Sizes...>;
    if constexpr (Drops && Mode == mode::train) {
      return composition<logits>(features, constant<"dnn/keep_prob">(1.0f - dropout.rate));
    } else {
      return composition<logits>(features);
    }
  }
};

/// x · weights + bias.
template <name Column, int Columns, int Size>
struct linear_logits {
  constexpr auto operator()(auto features) const {
    auto const x = cast(features, dtype::float32);
    auto const weights =
        get_variable(name_of("linear/linear_model/", Column.view(), "/weights"), {Columns, Size}, zeros_initializer());
    return matmul(x, weights) + get_variable("linear/linear_model/bias_weights", {Size}, zeros_initializer());
  }
};
template <name Column, int Columns, int Size>
struct linear {
  template <class Features, mode Mode>
  auto operator()(Features const& features, mode_key<Mode>) const {
    return composition<linear_logits<Column, Columns, Size>>(features);
  }
};

}  // namespace estimator::detail
TFX_END
