// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/initializers.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/fill.hpp>
#include <tfx/op/array/gather.hpp>
#include <tfx/op/math/not_equal.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct mask_zero_tag;
}
/// Whether an id of 0 stands for a step that does not count.
template <bool Mask>
inline constexpr static_argument<detail::mask_zero_tag, Mask> mask_zero{};

namespace layers {

template <int InputDim, int OutputDim, name Name, class T, class... Options>
struct embedding_layer : layer<embedding_layer<InputDim, OutputDim, Name, T, Options...>, Name, Options...> {
  using base = layer<embedding_layer<InputDim, OutputDim, Name, T, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "Embedding";

  template <name Scope, class Ids>
  constexpr auto call(Ids const& ids) const {
    using id = typename Ids::value_type;
    static_assert(std::is_same_v<id, std::int32_t> || std::is_same_v<id, std::int64_t>,
                  "tfx: Embedding takes int32 or int64: Input<\"words\", std::int32_t>(shape<80>)");
    auto const embeddings = this->template weight_of<Scope, weight::embeddings, T>(shape<InputDim, OutputDim>,
                                                                                   initializers::RandomUniform());
    return with_weights(gather(embeddings, ids), embeddings);
  }
  template <name Scope, class Ids>
  constexpr auto mask(Ids const& ids) const {
    if constexpr (base::template static_or<keras::detail::mask_zero_tag, false>()) {
      return not_equal(ids, zeros<typename Ids::value_type>(shape<>));
    } else {
      return no_mask;
    }
  }
};

/// Vectors of whole numbers below `input_dim`, which are a weight [input_dim, output_dim]: ids [batch, …], int32 or
/// int64, make [batch, …, output_dim]. `Embedding<1000, 64>()`; with `mask_zero<true>` an id of 0 is a step that does
/// not count. A number that has no vector ends the run with an InvalidArgumentError. Vectors are floats:
/// `Embedding<5, 3, "words", double>()` has doubles. Arguments: initializer (uniform in ±0.05), regularizer and
/// constraint of embeddings, `activity_regularizer`, `trainable<false>`.
template <int InputDim, int OutputDim, name Name = "", element T = float, class... Options, auto Site = [] {}>
constexpr auto Embedding(Options const&... options) {
  static_assert(InputDim > 0 && OutputDim > 0, "tfx: Embedding<input_dim, output_dim> has positive extents");
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<embedding_layer<InputDim, OutputDim, Name, T, Options...>,
                                void(keras::detail::mask_zero_tag), weight::embeddings>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
