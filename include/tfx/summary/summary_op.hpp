// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/inspect/protobuf.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN
namespace summary {

/// What summaries share. Their value is text: a serialised Summary, which a FileWriter takes. They are called by a tag,
/// which is their name too; the kernel knows it by static attributes, the last ones, eight characters in each.
struct summary_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  static constexpr auto gradient = constant_to_derivatives;
};

namespace detail {
using namespace tfx::detail;

constexpr i64 tag_word(std::string_view tag, std::size_t word) {
  u64 bits = 0;
  for (std::size_t i = 0; i < 8 && 8 * word + i < tag.size(); ++i)
    bits |= static_cast<u64>(static_cast<unsigned char>(tag[8 * word + i])) << (8 * i);
  return static_cast<i64>(bits);
}
constexpr std::size_t tag_word_count(std::string_view tag) { return (tag.size() + 7) / 8; }

template <name Name, class Words, class Indices>
struct tagged_words;
template <name Name, i64... W, std::size_t... I>
struct tagged_words<Name, words<W...>, std::index_sequence<I...>> {
  using type = words<W..., tag_word(Name.view(), I)...>;
};
template <name Name, class Words>
using with_tag = typename tagged_words<Name, Words, std::make_index_sequence<tag_word_count(Name.view())>>::type;

/// The tag that such words spell.
template <int Words>
struct tag_text {
  char text[8 * Words + 1]{};
  std::size_t size = 0;

  constexpr explicit tag_text(attribute_words w) {
    for (int i = 0; i < 8 * Words; ++i) {
      text[i] = static_cast<char>(static_cast<u64>(w[i / 8]) >> (8 * (i % 8)) & 0xff);
      if (text[i] != 0) size = static_cast<std::size_t>(i + 1);
    }
  }
  constexpr std::string_view view() const { return {text, size}; }
};
/// Of a call whose op has `First` attributes before the tag.
template <class Call, int First = 0>
inline constexpr tag_text<Call::word_count - First> tag_of{Call::attributes().rest(First)};

/// What a summary's input becomes: its name tells unnamed constants apart from those of others.
template <class Op, name Name, class X>
using named_input = unique_input<Op, member_site<Name>{}, X>;
}  // namespace detail

/// The type of a summary `Op` named `Name`, with further static attributes `Words`.
template <class Op, name Name, class Words, class X>
using summary_result = result_with<Op, Name, detail::with_tag<Name, Words>, detail::named_input<Op, Name, X>>;
/// What each summary's function makes.
template <class Op, name Name, class Words, class X>
constexpr summary_result<Op, Name, Words, X> summarize(X const& x) {
  static_assert(Name.size() > 0, "tfx: a summary needs a name");
  using W = detail::with_tag<Name, Words>;
  if constexpr (untyped<X>) {
    return apply<Op, Name, W>(x);
  } else if constexpr (detail::distinct<X>) {
    return apply<Op, Name, W>(x);
  } else {
    return apply<Op, Name, W>(compose<detail::named_input<Op, Name, X>>(x));
  }
}

namespace detail {
inline void a_summary_needs_a_name() {}  // no constant expression: calling it is the error
}  // namespace detail
/// The same under a name that may be composed, inside functions over handles; `first` are the further attributes.
template <class Op, untyped X>
constexpr X summarize(std::string_view name, X const& x, std::initializer_list<i64> first = {}) {
  if (name.empty()) detail::a_summary_needs_a_name();
  vector<i64> attributes;
  for (i64 const word : first) attributes.push_back(word);
  for (std::size_t i = 0; i < detail::tag_word_count(name); ++i) attributes.push_back(detail::tag_word(name, i));
  return tfx::detail::add_value(info<Op>, name, attributes.items, attributes.count, x);
}

}  // namespace summary
TFX_END
