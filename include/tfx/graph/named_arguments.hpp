// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/graph.hpp>

TFX_BEGIN

/// What `labels = y` gives: an argument that cannot take another's place.
template <class X>
struct labels_t {
  X value;
};
/// What `logits = z` gives.
template <class X>
struct logits_t {
  X value;
};
struct labels_name {
  template <expression X>
  constexpr labels_t<X> operator=(X const& x) const {
    return {x};
  }
};
struct logits_name {
  template <expression X>
  constexpr logits_t<X> operator=(X const& x) const {
    return {x};
  }
};
/// Names an argument of the cross entropies: `labels = y_true`.
inline constexpr labels_name labels{};
/// Names an argument of the cross entropies: `logits = z`.
inline constexpr logits_name logits{};

TFX_END
