// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/words.hpp>
#include <tfx/op/losses/agreement.hpp>
#include <tfx/op/math/reduce_mean.hpp>

TFX_BEGIN

namespace keras {
/// What labels a loss or a metric wants beside a model's output: its shape and dtype, or whole numbers, int64, of its
/// shape without the last axis.
enum class label_form : unsigned char { like_output, classes };

namespace detail {
/// A row_function as compositions are made of.
template <class Function>
struct each_of {
  constexpr auto operator()(auto y_true, auto y_pred, auto... number) const {
    return Function::each(y_true, y_pred, number...);
  }
};
/// Keras' fuzz factor, epsilon().
inline constexpr double epsilon = 1e-7;

/// Labels beside an output of the same shape, both in the output's dtype.
using tfx::detail::compare;
template <class Handle>
constexpr Handle mean_of_row(Handle x) {
  return reduce_mean(x, axis<-1>);
}
}  // namespace detail

/// Base of losses and metrics: functions of labels and a model's output that give one value for each sample, a tensor
/// without the last axis of both. `Self::each(y_true, y_pred)` is written over handles; shapes do not broadcast.
template <class Self>
struct row_function {
  static constexpr label_form labels = label_form::like_output;
  static constexpr bool is_binary_crossentropy = false;

  template <expression Labels, expression Output>
  constexpr composed<detail::each_of<Self>, Labels, Output> operator()(Labels const& y_true,
                                                                       Output const& y_pred) const {
    return composition<detail::each_of<Self>>(y_true, y_pred);
  }
};

/// The form of the labels of a loss; of a function that does not tell, those are like the output.
template <class Loss>
constexpr label_form label_form_of() {
  if constexpr (requires { Loss::labels; }) {
    return Loss::labels;
  } else {
    return label_form::like_output;
  }
}
/// The shape of the labels that `Loss` wants for an output.
template <class Loss>
constexpr dims labels_of(dims const& output) {
  dims result = output;
  if (label_form_of<Loss>() == label_form::classes && result.rank > 0) result.extent[--result.rank] = 0;
  return result;
}
/// Their dtype.
template <class Loss>
constexpr dtype labels_type(dtype output) {
  return label_form_of<Loss>() == label_form::classes ? dtype::int64 : output;
}

struct loss_kind {
  template <class Word>
  struct refusal {
    static_assert(is_word<loss_kind, Word>,
                  "tfx: keras::loss knows no such word: it is mean_squared_error (mse), mean_absolute_error (mae), "
                  "mean_absolute_percentage_error (mape), mean_squared_logarithmic_error (msle), squared_hinge, hinge, "
                  "categorical_hinge, logcosh, categorical_crossentropy, sparse_categorical_crossentropy, "
                  "binary_crossentropy (bce), kullback_leibler_divergence (kld), poisson or cosine_proximity (cosine)");
  };
};
/// The loss that Keras calls so: `loss<"mse">(y_true, y_pred)`, one value for each sample.
template <tfx::name Name>
inline constexpr word<loss_kind, named_as<Name>> loss{};
}  // namespace keras

TFX_END
