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

/// A braced list of a rank.
template <class T, int Rank>
struct braces {
  using type = std::initializer_list<typename braces<T, Rank - 1>::type>;
};
template <class T>
struct braces<T, 0> {
  using type = T;
};
template <class T>
struct braces<T, dims::unknown_rank> : braces<T, 1> {};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_ragged(i64 wanted, i64 given) {
  raise<errors::InvalidArgumentError>(
      "Argument must be a dense tensor: a braced list has rows of %lld and of %lld values",
      static_cast<long long>(wanted), static_cast<long long>(given));
}
template <class U>
struct value_traits<std::initializer_list<U>> {
  using V = std::initializer_list<U>;
  using inner = value_traits<U>;
  using value_type = typename inner::value_type;
  static dims shape_of(V const& v) {
    dims all{1, {static_cast<i64>(v.size())}};
    if constexpr (!element<U>) {
      dims const row = v.size() > 0 ? inner::shape_of(*v.begin()) : dims{};
      for (U const& item : v) {
        dims const other = inner::shape_of(item);
        for (int i = 0; i < row.rank; ++i)
          if (row[i] != other[i]) refuse_ragged(row[i], other[i]);
      }
      for (int i = 0; i < row.rank; ++i) all.push_back(row[i]);
    }
    return all;
  }
  static constexpr dims shape{1, {dims::unknown}};
  static constexpr bool is_contiguous = element<U>;
  static value_type const* contiguous(V const& v) { return v.begin(); }
  template <class To>
  static void copy(V const& v, To*& out) {
    for (U const& item : v) {
      if constexpr (element<U>) {
        *out++ = item;
      } else {
        inner::copy(item, out);
      }
    }
  }
};

/// An argument of a call that has braces in it, from which no template can tell a type: whatever can be fed to a tensor
/// of this dtype and rank. It refers to the value; the call does not outlive it.
template <class T, int Rank>
class argument {
 public:
  using list = typename braces<T, Rank>::type;

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
  static constexpr dims any_extents() {
    dims shape{Rank, {}};
    for (int i = 0; i < Rank; ++i) shape[i] = dims::unknown;
    return shape;
  }
  static constexpr dims shape = any_extents();
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
  using type = feed<Input, Value>;
  static type from(Value const& value) { return {value}; }
};
template <class Input, class X, class Value>
struct fed_to<Input, feed<X, Value>> {
  using type = feed<X, Value>;
  static type const& from(type const& value) { return value; }
};

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
  callable(detail::held_core const& core, Fetch const& what) : prepared_(core), what_(what) {}

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
    if constexpr (can_run<Fetch, feed<Inputs, detail::argument_for<Inputs>>...>) {
      return run(feed<Inputs, detail::argument_for<Inputs>>{values}...);
    } else {
      return run_refused<Fetch, feed<Inputs, detail::argument_for<Inputs>>...>();
    }
  }

 private:
  detail::prepared_run prepared_;
  Fetch what_;

  template <class... Feeds>
  TFX_INLINE auto run(Feeds const&... feeds) const {
    constexpr u64 request = request_of<Fetch, Feeds...>::hash;
    return detail::run_in<request>(prepared_.find(request, detail::runnable<request>::tables), what_, feeds...);
  }
};

TFX_END
