// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/refusal.hpp>
#include <tfx/summary/histogram.hpp>
#include <tfx/summary/image.hpp>
#include <tfx/summary/scalar.hpp>
#include <tfx/summary/text.hpp>

TFX_BEGIN
namespace summary {

/// Several summaries as one: serialised messages one after another are their union.
struct merge_summary_op : summary_op {
  static constexpr auto name = "MergeSummary";

  static constexpr void infer(inference& call) {
    call.type = dtype::string;
    for (int i = 0; i < call.input_count(); ++i)
      if (call.types[i] != dtype::string)
        return call.refuse_types(refusal_kind::dtype_mismatch, dtype::string, call.types[i]);
  }
  template <class Call>
  static void run(Call const& call) {
    call.out()->clear();
    append_all(call, std::make_integer_sequence<int, Call::input_count>{});
  }

 private:
  template <class Call, int... I>
  static void append_all(Call const& call, std::integer_sequence<int, I...>) {
    auto const append = [&](std::string const* texts, i64 count) {
      for (i64 i = 0; i < count; ++i) call.out()->append(texts[i]);
      return true;
    };
    // No fold, which clang limits to 256 operands.
    [[maybe_unused]] bool const done[] = {append(call.template in<I>(), call.count(Call::in_shape(I)))...};
  }
};

namespace detail {
/// The first tag that two of some summaries have; the tags of an image are others than that of a number.
constexpr std::string_view repeated_tag(descriptor const* const* summaries, int count) {
  vector<descriptor const*> stack;
  vector<descriptor const*> found;
  for (int i = 0; i < count; ++i) stack.push_back(summaries[i]);
  while (!stack.empty()) {
    descriptor const& d = meaning(*stack.back());
    stack.pop_back();
    bool const is_image = is<image_summary_op>(d.op);
    if (is<merge_summary_op>(d.op)) {
      for (int i = 0; i < d.input_count; ++i) stack.push_back(d.inputs[i]);
    } else if (is_image || is<scalar_summary_op>(d.op) || is<histogram_summary_op>(d.op) || is<text_summary_op>(d.op)) {
      for (descriptor const* other : found)
        if (other->name_hash == d.name_hash && is<image_summary_op>(other->op) == is_image) return d.name;
      found.push_back(&d);
    }
  }
  return {};
}
template <u64... Hash>
struct merged_tags {
  static constexpr descriptor const* list[] = {lookup(key<Hash>{})...};
  static constexpr std::string_view repeated = repeated_tag(list, sizeof...(Hash));
  static constexpr refusal error{.text = repeated};
};
template <class... X>
concept tags_differ = merged_tags<X::hash...>::repeated.empty();

template <name Name, std::size_t... I, class... X>
constexpr auto merge_apart(std::index_sequence<I...>, X const&... summaries) {
  return apply<merge_summary_op, Name>(distinguish<I + 1, false>(summaries)...);
}
}  // namespace detail

/// Never defined: two of the summaries have this tag, so that TensorBoard could not tell them apart.
template <class Name>
struct duplicate_tag;

/// Several summaries as one: `summary::merge(loss_summary, weight_summary)`. Two of one tag are refused.
template <name Name = "", expression... X>
  requires(sizeof...(X) > 0 && (untyped<X> || ...))
constexpr result_t<merge_summary_op, Name, X...> merge(X const&... summaries) {
  return apply<merge_summary_op, Name>(summaries...);
}
template <name Name = "", typed_expression... X>
  requires(sizeof...(X) > 0 && detail::tags_differ<X...> && (tfx::detail::distinct<X> && ...))
constexpr result_t<merge_summary_op, Name, X...> merge(X const&... summaries) {
  return apply<merge_summary_op, Name>(summaries...);
}
// Unnamed constants are told apart by their places in the list.
template <name Name = "", typed_expression... X>
  requires(sizeof...(X) > 0 && detail::tags_differ<X...> && !(tfx::detail::distinct<X> && ...))
constexpr auto merge(X const&... summaries) {
  return detail::merge_apart<Name>(std::index_sequence_for<X...>{}, summaries...);
}
template <name Name = "", typed_expression... X>
  requires(sizeof...(X) > 0 && !detail::tags_differ<X...>)
duplicate_tag<tfx::detail::text_of<detail::merged_tags<X::hash...>>> merge(X const&... summaries);

}  // namespace summary
TFX_END
