// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <tfx/session/request.hpp>

TFX_BEGIN

// Never defined: using one is the error, and its name is the message.
template <int Wanted, int Given>
struct callable_takes_as_many_values;          // one for each tensor that make_callable was told
struct callable_takes_those_of_make_callable;  // by name: step(x = value, y = value), in any order
struct callable_takes_all_by_name_or_none;     // step(x_value, y_value) or step(x = x_value, y = y_value)

namespace detail {

/// A braced list for a tensor of this dtype and rank; for one without a shape, of rank 1.
template <class T, int Rank>
using braces = typename nested_list_of<std::conditional_t<Rank == 0, T, list_item<T>>, (Rank < 0 ? 1 : Rank)>::type;

/// An argument of a call that has braces in it, from which no template can tell a type: whatever can be fed to a tensor
/// of this dtype and rank. It refers to the value; the call does not outlive it.
template <class T, int Rank>
class argument {
 public:
  using list = braces<T, Rank>;

  argument(list const& values) : value_(&values), bind_(&bind_as<list>) {}
  template <class V>
  argument(V const& value) : value_(&value), bind_(&bind_as<V>) {
    static_assert(feedable<V>, "tfx: an argument of this call is nothing that can be fed");
  }
  argument(argument const&) = delete;
  argument& operator=(argument const&) = delete;

  void bind(execution& e, int feed) const { bind_(e, feed, value_); }

 private:
  void const* value_;
  void (*bind_)(execution&, int feed, void const* value);

  template <class V>
  static void bind_as(execution& e, int feed, void const* value) {
    bind_value<T>(e, feed, *static_cast<V const*>(value));
  }
};
template <class T, int Rank>
struct value_traits<argument<T, Rank>> {
  using value_type = T;
  static constexpr dims shape = unknown_of_rank(Rank);
};
template <class T, int Rank>
TFX_INLINE void bind_value(execution& e, int feed, argument<T, Rank> const& value) {
  value.bind(e, feed);
}
template <class Input>
using argument_for = argument<typename Input::value_type, Input::shape_type::value.rank>;

/// A value as the feed of an input, or a feed as it is.
template <class Input, class Value>
struct fed_to {
  using type = borrowed<Input, Value>;
  static type const& from(Value const& value) { return type::from(value); }
};
template <class Input, class Value>
  requires is_feed<Value>
struct fed_to<Input, Value> {
  using type = Value;
  static type const& from(type const& value) { return value; }
};
template <class Value>
inline constexpr u64 fed_hash = 0;
template <class Value>
  requires is_feed<Value>
inline constexpr u64 fed_hash<Value> = Value::target_type::hash;

/// A call of a callable: a run, or what is wrong with its arguments.
template <class Fetch, class Inputs, class... Values>
struct call;
template <class Fetch, class... Inputs, class... Values>
struct call<Fetch, type_box<void(Inputs...)>, Values...> {
  static constexpr bool accepted = false;
  using mistake = callable_takes_as_many_values<sizeof...(Inputs), sizeof...(Values)>;
};
template <class Fetch, class... Inputs, class... Values>
  requires(sizeof...(Inputs) == sizeof...(Values))
struct call<Fetch, type_box<void(Inputs...)>, Values...> {
  static constexpr int count = sizeof...(Values), named = (0 + ... + (is_feed<Values> ? 1 : 0));
  /// Whether every input is among what is fed by name.
  static constexpr bool names_inputs() {
    u64 const wanted[] = {Inputs::hash..., 0};
    u64 const given[] = {fed_hash<Values>..., 0};
    for (int i = 0; i < count; ++i) {
      bool found = false;
      for (int k = 0; k < count; ++k) found = found || given[k] == wanted[i];
      if (!found) return false;
    }
    return true;
  }
  static constexpr bool in_order = named == 0;
  static constexpr bool by_name = named == count && names_inputs();
  using mistake_of_names =
      std::conditional_t<named == count, callable_takes_those_of_make_callable, callable_takes_all_by_name_or_none>;

  static constexpr bool find_accepted() {
    if constexpr (in_order || by_name) {
      return can_run<Fetch, typename fed_to<Inputs, Values>::type...>;
    } else {
      return false;
    }
  }
  static constexpr auto find_mistake() {
    if constexpr (in_order || by_name) {
      return type_box<run_refused<Fetch, typename fed_to<Inputs, Values>::type...>>{};
    } else {
      return type_box<mistake_of_names>{};
    }
  }
  static constexpr bool accepted = find_accepted();
};
template <class Call>
struct call_mistake {
  using type = typename Call::mistake;
};
template <class Call>
  requires requires { Call::find_mistake(); }
struct call_mistake<Call> {
  using type = typename decltype(Call::find_mistake())::type;
};
}  // namespace detail

/// A prepared run. Its arguments are the feeds, in the order of make_callable, or all of them by name, in any order:
/// `step(images, labels)`, `step({1, 2.5f}, 3)`, `step(y = labels, x = images)`. It may be copied and may outlive its
/// session, whose end it meets as a closed one; one that make_callable did not make is empty.
template <class Fetch, class... Inputs>
class callable {
  using inputs = detail::type_box<void(Inputs...)>;
  template <class... Values>
  using call = detail::call<Fetch, inputs, Values...>;

 public:
  callable() = default;
  callable(detail::held_core const& core, Fetch const& what, Inputs const&... fed) : prepared_(core), what_(what) {
    if constexpr (((Inputs::literal_count > 0) || ...)) {
      constexpr u64 request = request_of<Fetch>::hash;
      literal const* literals[lookup(key<request>{})->number_count + 1] = {};
      detail::find_all_literals<request>(literals, what);
      (detail::check_fed_numbers(literals, detail::source_of<request>(fed)), ...);
    }
  }

  template <class... Values>
    requires call<Values...>::accepted
  auto operator()(Values const&... values) const {
    return run<typename detail::fed_to<Inputs, Values>::type...>(detail::fed_to<Inputs, Values>::from(values)...);
  }
  template <class... Values>
    requires(!call<Values...>::accepted)
  typename detail::call_mistake<call<Values...>>::type operator()(Values const&... values) const;

  // With braces among the arguments: their extents are looked at by the run.
  auto operator()(detail::argument_for<Inputs> const&... values) const
    requires(sizeof...(Inputs) > 0)
  {
    if constexpr (can_run<Fetch, borrowed<Inputs, detail::argument_for<Inputs>>...>) {
      return run(borrowed<Inputs, detail::argument_for<Inputs>>::from(values)...);
    } else {
      return run_refused<Fetch, borrowed<Inputs, detail::argument_for<Inputs>>...>();
    }
  }

 private:
  detail::prepared_run prepared_;
  Fetch what_;

  template <class... Feeds>
  TFX_INLINE auto run(Feeds const&... feeds) const {
    constexpr u64 request = request_of<Fetch, Feeds...>::hash;
    return detail::run_in<request>(prepared_.find(request, detail::executable<request>::tables), what_, feeds...);
  }
};

TFX_END
