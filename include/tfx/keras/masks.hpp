// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer_call.hpp>
#include <tfx/keras/part_of.hpp>
#include <tfx/op/math/logical_and.hpp>

TFX_BEGIN
namespace keras {

// Which steps of which rows count: a bool tensor [batch, time] that goes with what a layer gives. Masking and Embedding
// make masks; layers that treat each step alike pass them on; recurrent layers and losses read them by `mask_of`.

// Never defined: using one is the error, and its name is the message.
template <class Layer>
struct layer_does_not_support_masking;  // but was passed an input that has a mask

/// In the place of a mask where there is none.
struct no_mask_t {};
inline constexpr no_mask_t no_mask{};

/// What a layer does with the masks of its inputs: `static constexpr auto masks = masking::passed;` in the layer. One
/// that makes masks of its own has `template <name Scope, class... X> auto mask(X const&... x) const`, an expression or
/// `no_mask`.
enum class masking : unsigned char {
  refused,  // such an input does not compile
  passed,   // the value has the masks' conjunction
  consumed  // the value has none
};

namespace detail {
/// The hash of a tensor's mask, or 0.
constexpr u64 mask_hash(descriptor const& tensor) {
  told_mask const mask = mask_of_tensor(tensor);
  if (!mask.is_told) return 0;
  bool renamed = false;
  for (descriptor const* d = &tensor; !is<layer_op>(d->op); d = d->inputs[0])
    renamed = renamed || d->op->renames_numbers;
  // Its numbers ride in the tensor under other ids.
  return renamed && tfx::detail::any_anonymous(*mask.tensor) ? 0 : mask.tensor->hash;
}
template <class X>
inline constexpr u64 mask_hash_of = mask_hash(*lookup(key<X::hash>{}));
template <class Mask>
inline constexpr bool is_mask = !std::is_same_v<std::remove_cvref_t<Mask>, no_mask_t>;
}  // namespace detail

/// Whether x is what a layer gave that told a mask.
template <typed_expression X>
inline constexpr bool has_mask = detail::mask_hash_of<X> != 0;

/// The mask of x, the result of a layer: a bool expression [batch, time], or `no_mask`.
template <typed_expression X>
constexpr auto mask_of([[maybe_unused]] X const& x) {
  if constexpr (has_mask<X>) {
    return detail::part_of<detail::mask_hash_of<X>>(x);
  } else {
    return no_mask;
  }
}
/// Where all masks among these say that a step counts.
template <class Mask>
constexpr auto all_masks(Mask const& mask) {
  return mask;
}
template <class A, class B, class... More>
constexpr auto all_masks(A const& a, B const& b, More const&... more) {
  if constexpr (!detail::is_mask<A>) {
    return all_masks(b, more...);
  } else if constexpr (!detail::is_mask<B> || std::is_same_v<A, B>) {
    return all_masks(a, more...);
  } else {
    return all_masks(logical_and(a, b), more...);
  }
}

}  // namespace keras
TFX_END
