// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/expand_dims.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// What `F` makes of tensors of one rank; in one of a lower rank, extents of 1 are put in behind the batch.
template <class F>
struct merged_by {
  constexpr auto operator()(auto... x) const {
    int rank = 0;
    for (int const each : {x.rank()...})
      if (rank < each) rank = each;
    return F{}(in_rank(x, rank)...);
  }

 private:
  static constexpr auto in_rank(auto x, int rank) {
    while (x.rank() >= 0 && x.rank() < rank) x = expand_dims(x, 1);
    return x;
  }
};
}  // namespace detail

namespace layers {

/// A layer that makes one tensor of several, element by element. They broadcast as numbers of rows allow: an extent of
/// 1 is any other, and in a tensor of a lower rank such extents stand behind the batch. Other shapes are refused, with
/// both. The mask is what all masks among the inputs' say. `F` has the layer's kind and makes its value.
template <class F, name Name, class... Options>
struct merge_layer : layer<merge_layer<F, Name, Options...>, Name, Options...> {
  using layer<merge_layer, Name, Options...>::layer;
  static constexpr name kind = F::kind;
  static constexpr auto masks = masking::passed;

  template <name Scope, class... X>
  constexpr auto call(X const&... x) const {
    static_assert(sizeof...(X) >= 2, "tfx: a merge layer should be called on a list of at least 2 inputs");
    return composition<keras::detail::merged_by<F>>(x...);
  }
};

namespace detail {
template <class F, name Name, class... Options>
constexpr auto make_merge(Options const&... options) {
  return keras::detail::make_layer<merge_layer<F, Name, Options...>, void()>(options...);
}
}  // namespace detail

}  // namespace layers
}  // namespace keras
TFX_END
