// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/check/shown_arguments.hpp>
#include <tfx/op/math/reduce_all.hpp>

TFX_BEGIN

/// Ends a run unless input 0 is true; the other inputs are shown then. It has no value.
struct assert_op : detail::stateless {
  static constexpr auto name = "Assert";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .ordered = true};
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr detail::text_style style = detail::text_style::spaced_brackets;
  static constexpr int hidden = 1;
  static constexpr bool is_placed = false;  // two checks of one value are one

  static constexpr void infer(inference& call) {
    only_bool(call, call.types[0]);
    if (!call.failed() && call.shapes[0].rank > 0) call.refuse(refusal_kind::rank, call.shapes[0]);
  }
  template <class Call>
  static void run(Call const& call) {
    if (!*call.template in<0>()) refuse(call);
  }

 private:
  template <class Call>
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse(Call const& call) {
    raise<errors::InvalidArgumentError>("assertion failed: %s", detail::shown_by<1>(call).c_str());
  }
};

namespace detail {
/// Of a handle its op's rule finds out.
template <class X>
inline constexpr bool may_be_condition = true;
template <typed_expression X>
inline constexpr bool may_be_condition<X> = std::is_same_v<typename X::value_type, bool> && X::rank <= 0;
}  // namespace detail

/// Ends a run with InvalidArgumentError unless `condition`, one bool, is true; `data`, tensors and texts, are shown
/// then: `Assert(less(loss, 10.0f), "loss is", loss, summarize<5>)`. A run that fails changes no variable. The result
/// is an operation, to be run or to be put before something: `with_dependencies(Assert(…), y)`.
template <name Name = "", expression Condition, detail::shown_argument... Data, auto Site = [] {}>
  requires(detail::may_be_condition<Condition>)
constexpr auto Assert(Condition const& condition, Data const&... data) {
  return detail::show<assert_op, Name, Site>(std::index_sequence_for<Data...>{}, condition, data...);
}
/// Never defined: a condition is one bool, reduce_all(less(x, y)).
template <class Dtype, class Shape>
struct condition_must_be_one_bool_use_reduce_all;
template <name Name = "", expression Condition, detail::shown_argument... Data>
  requires(!detail::may_be_condition<Condition>)
condition_must_be_one_bool_use_reduce_all<typename Condition::value_type, typename Condition::shape_type> Assert(
    Condition const&, Data const&...);

namespace detail {
/// A tensor that a check shows, and what stands before it.
struct assertion_part {
  std::string_view first, second, third;
};
constexpr vector<i64> words_of_assertion(i64 summarize, std::string_view condition, assertion_part const* parts,
                                         int count, bool says_message, std::string_view message) {
  vector<i64> made;
  for (i64 const word : {summarize, i64{0}, i64{-1}}) made.push_back(word);
  shown_text text{text_style::spaced_brackets, {}};
  if (says_message) text.add_part(message);
  if (!condition.empty()) text.add_part("Condition ", condition, " did not hold element-wise:");
  for (int i = 0; i < count; ++i) {
    text.add_part(parts[i].first, parts[i].second, parts[i].third);
    text.add_mark(shown_text::tensor);
  }
  add_text_words(made, text.text.items, text.text.count);
  return made;
}
/// The static attributes of a check named `Function` of x, or of x and y, of which those in `Numbers` were numbers.
template <name Function, name Condition, name Message, int Summarize, unsigned Numbers, class... X>
struct assertion {
  static constexpr auto function = Function, condition = Condition, message = Message;

  static constexpr vector<i64> make(X const*... x) {
    constexpr int count = sizeof...(X);
    vector<char> const names[] = {tensor_name_of(x)...};
    name_value of_numbers[2];
    assertion_part parts[count];
    for (int i = 0; i < count; ++i) {
      of_numbers[i] = tfx::name_of(function.view(), i == 0 ? "/x:0" : "/y:0");
      bool const is_number = (Numbers >> i & 1u) != 0;
      parts[i] = {i == 0 ? "x (" : "y (", is_number ? of_numbers[i] : view_of(names[i]), ") = "};
    }
    // TensorFlow's checks of one tensor say an empty message, too.
    return words_of_assertion(Summarize, condition.view(), parts, count, count == 1 || Message.size() > 0,
                              message.view());
  }
  static constexpr vector<i64> make()
    requires(sizeof...(X) > 0)
  {
    return make(static_cast<X const*>(nullptr)...);
  }
};
/// The check whose words `Source` makes of the tensors that it shows.
template <name Name, class Source, class Holds, class... X>
constexpr auto assert_holds(Holds const& holds, X const&... x) {
  auto const condition = reduce_all(holds);
  if constexpr ((untyped<X> || ...)) {
    vector<i64> const made = Source::make(&x...);
    return add_value(info<assert_op>, Name.view(), made.items, made.count, condition, x...);
  } else {
    return apply<assert_op, Name, typename made_words<Source>::type>(condition, x...);
  }
}
}  // namespace detail

TFX_END
