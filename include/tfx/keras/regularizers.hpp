// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/words.hpp>
#include <tfx/variables/regularizers.hpp>

TFX_BEGIN

namespace keras {
/// Penalties on large weights, functions from an expression to a scalar: `regularizers::l2(0.001)(w)`.
namespace regularizers {
using tfx::regularizers::l1;
using tfx::regularizers::l1_l2;
using tfx::regularizers::l2;
}  // namespace regularizers

struct regularizer_kind {
  template <class Word>
  struct refusal {
    static_assert(is_word<regularizer_kind, Word>,
                  "tfx: keras::regularizer knows no such word: it is l1, l2 or l1_l2, with scales of 0.01");
  };
};
/// The penalty that Keras calls so, with its scale of 0.01: `regularizer<"l2">(w)`.
template <tfx::name Name>
inline constexpr word<regularizer_kind, named_as<Name>> regularizer{};

namespace detail {
struct l1_word : function_by_word<l1_word> {
  static constexpr auto made() { return regularizers::l1(); }
};
struct l2_word : function_by_word<l2_word> {
  static constexpr auto made() { return regularizers::l2(); }
};
struct l1_l2_word : function_by_word<l1_l2_word> {
  static constexpr auto made() { return regularizers::l1_l2(); }
};
}  // namespace detail
template <>
struct stands_for<regularizer_kind, named_as<"l1">> : detail::l1_word {};
template <>
struct stands_for<regularizer_kind, named_as<"l2">> : detail::l2_word {};
template <>
struct stands_for<regularizer_kind, named_as<"l1_l2">> : detail::l1_l2_word {};
}  // namespace keras

TFX_END
