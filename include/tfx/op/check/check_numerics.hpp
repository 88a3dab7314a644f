// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/check/shown_text.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_values(attribute_words text, bool infinite,
                                                                       bool not_numbers) {
  std::string message;
  for (int i = 0; i < 8 * text.count && text_char(text.at, i) != 0; ++i) message += text_char(text.at, i);
  raise<errors::InvalidArgumentError>("%s : Tensor had %s values", message.c_str(),
                                      infinite && not_numbers ? "Inf and NaN"
                                      : infinite              ? "Inf"
                                                              : "NaN");
}
}  // namespace detail

/// x, once all of it is finite. Gradient: dy, once x and dy are. Words: what a run says otherwise.
struct check_numerics_op {
  static constexpr auto name = "CheckNumerics";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .ordered = true};
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    vector<char> text;
    for (char const c : std::string_view("Not a number (NaN) or infinity (Inf) values detected in gradient. "))
      text.push_back(c);
    attribute_words const own = call.attributes();
    for (int i = 0; i < 8 * own.count && detail::text_char(own.at, i) != 0; ++i)
      text.push_back(detail::text_char(own.at, i));
    vector<i64> made;
    detail::add_text_words(made, text.items, text.count);
    call.dx[0] = add_node<check_numerics_op>(made.items, made.count, apply<with_dependencies_op>(call.dy, call.y()));
  }
  static constexpr void tangent(auto& call) { call.tangent = apply<with_dependencies_op>(call.dx[0], call.y()); }

  template <class Call>
  static void run(Call const& call) {
    i64 const count = call.count(Call::out_shape());
    auto const* const x = call.template in<0>();
    auto* const y = call.out();
    bool infinite = false, not_numbers = false;
    for (i64 i = 0; i < count; ++i) {
      infinite = infinite || std::isinf(x[i]);
      not_numbers = not_numbers || std::isnan(x[i]);
      y[i] = x[i];
    }
    if (infinite || not_numbers) detail::refuse_values(Call::attributes(), infinite, not_numbers);
  }
};

namespace detail {
/// The words of a text alone.
template <name Text>
struct text_alone {
  static constexpr auto own = Text;
  static constexpr vector<i64> make() {
    vector<i64> made;
    add_text_words(made, own.text, static_cast<int>(own.size()));
    return made;
  }
};
template <name Message>
using words_of_text = typename made_words<text_alone<Message>>::type;
}  // namespace detail

/// x, float or double, where a run ends with InvalidArgumentError if an element is infinite or no number:
/// `check_numerics(loss, message<"the loss">)`. Where a derivative comes through, it is checked too.
template <name Name = "", expression X, name Message>
constexpr result_with<check_numerics_op, Name, detail::words_of_text<Message>, X> check_numerics(X const& x,
                                                                                                 message_t<Message>) {
  return apply<check_numerics_op, Name, detail::words_of_text<Message>>(x);
}
/// The same under the name that TensorFlow's losses and clipping use: `verify_tensor_all_finite<"the loss">(loss)`.
template <name Message, expression X>
constexpr result_with<check_numerics_op, "", detail::words_of_text<Message>, X> verify_tensor_all_finite(X const& x) {
  return apply<check_numerics_op, "", detail::words_of_text<Message>>(x);
}

TFX_END
