// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/fetch_list.hpp>
#include <tfx/session/into.hpp>
#include <tuple>

TFX_BEGIN

/// What a run gives back for a fetch that has no value.
struct none {};

namespace detail {

/// What a type means as a fetch: the expressions in it, in order, as `list`, and the value that mirrors it. Defined for
/// all that run takes: an expression, into(…), and what holds others.
template <class F>
struct fetch_traits {
  static constexpr bool accepted = false;
};
template <typed_expression X>
struct fetch_traits<X> {
  static constexpr bool accepted = true, writes = false;
  static constexpr int count = 1;
  using list = type_box<void(X)>;

  template <class Visitor>
  static void each(X const& x, Visitor& visitor) {
    visitor(x);
  }
  template <class Code, int First>
  TFX_INLINE static auto result(execution const& e) {
    return Code::template result<First, X>(e);
  }
};
template <class X, class Memory>
struct fetch_traits<into_t<X, Memory>> {
  static constexpr bool accepted = true, writes = true;
  static constexpr int count = 1;
  using list = type_box<void(X)>;

  template <class Visitor>
  static void each(into_t<X, Memory> const& what, Visitor& visitor) {
    visitor(what.x);
  }
  template <class Code, int First>
  static none result(execution const&) {
    return {};
  }
  template <int First, class Visitor>
  static void each_memory(into_t<X, Memory> const& what, Visitor& visitor) {
    visitor(std::integral_constant<int, First>{}, what.memory);
  }
};

template <class... List>
struct joined {
  using type = type_box<void()>;
};
template <class... X>
struct joined<type_box<void(X...)>> {
  using type = type_box<void(X...)>;
};
template <class... X, class... Y, class... Rest>
struct joined<type_box<void(X...)>, type_box<void(Y...)>, Rest...> : joined<type_box<void(X..., Y...)>, Rest...> {};

/// What all structures share: `Self` holds the fetches F….
template <bool Accepted, class Self, class... F>
struct accepted_structure {
  static constexpr bool accepted = false;
};
template <class Self, class... F>
struct accepted_structure<true, Self, F...> {
  static constexpr bool accepted = true;
  static constexpr bool writes = (fetch_traits<F>::writes || ...);
  static constexpr int count = (0 + ... + fetch_traits<F>::count);
  using list = typename joined<typename fetch_traits<F>::list...>::type;
  using indices = std::make_integer_sequence<int, sizeof...(F)>;

  /// Where the expressions of member i begin.
  static constexpr int begin_of(int i) {
    int const counts[] = {fetch_traits<F>::count..., 0};
    int begin = 0;
    for (int k = 0; k < i; ++k) begin += counts[k];
    return begin;
  }
  template <class Visitor>
  static void each(Self const& what, Visitor& visitor) {
    fetch_traits<Self>::apply(what, [&](auto const&... f) { (fetch_traits<F>::each(f, visitor), ...); });
  }
  template <class Code, int First>
  TFX_INLINE static auto result(execution const& e) {
    return mirrored<Code, First>(e, indices{});
  }
  /// Visits the memory of the user's that is to be written, with the index of the expression that goes there.
  template <int First, class Visitor>
  static void each_memory(Self const& what, Visitor& visitor) {
    each_memory_of_members<First>(what, visitor, indices{});
  }

 private:
  template <class Code, int First, int... I>
  TFX_INLINE static auto mirrored([[maybe_unused]] execution const& e, std::integer_sequence<int, I...>) {
    using values = typename fetch_traits<Self>::template mirror<
        decltype(fetch_traits<F>::template result<Code, First + begin_of(I)>(e))...>;
    return values{fetch_traits<F>::template result<Code, First + begin_of(I)>(e)...};
  }
  template <int First, class Visitor, int... I>
  static void each_memory_of_members(Self const& what, Visitor& visitor, std::integer_sequence<int, I...>) {
    fetch_traits<Self>::apply(
        what, [&](auto const&... f) { (each_memory_of_member<First + begin_of(I), F>(f, visitor), ...); });
  }
  template <int First, class Member, class Visitor>
  static void each_memory_of_member(Member const& member, Visitor& visitor) {
    if constexpr (fetch_traits<Member>::writes) fetch_traits<Member>::template each_memory<First>(member, visitor);
  }
};
template <class Self, class... F>
using structure = accepted_structure<(fetch_traits<F>::accepted && ...), Self, F...>;

template <class... F>
struct fetch_traits<fetch_list<F...>> : structure<fetch_list<F...>, F...> {
  template <class... Value>
  using mirror = std::tuple<Value...>;
  template <class Call>
  static void apply(fetch_list<F...> const& what, Call const& call) {
    what.apply(call);
  }
};
template <class... F>
struct fetch_traits<std::tuple<F...>> : structure<std::tuple<F...>, F...> {
  template <class... Value>
  using mirror = std::tuple<Value...>;
  template <class Call>
  static void apply(std::tuple<F...> const& what, Call const& call) {
    std::apply(call, what);
  }
};
template <class A, class B>
struct fetch_traits<std::pair<A, B>> : structure<std::pair<A, B>, A, B> {
  template <class First, class Second>
  using mirror = std::pair<First, Second>;
  template <class Call>
  static void apply(std::pair<A, B> const& what, Call const& call) {
    call(what.first, what.second);
  }
};
template <class F, class Indices>
struct array_structure;
template <class F, std::size_t... I>
struct array_structure<F, std::index_sequence<I...>>
    : structure<std::array<F, sizeof...(I)>, std::enable_if_t<(I < sizeof...(I)), F>...> {
  template <class Value, class...>
  using mirror = std::array<Value, sizeof...(I)>;
  template <class Call>
  static void apply(std::array<F, sizeof...(I)> const& what, Call const& call) {
    call(what[I]...);
  }
};
template <class F, std::size_t N>
struct fetch_traits<std::array<F, N>> : array_structure<F, std::make_index_sequence<N>> {};

// A plain struct of fetches; a struct with the values cannot be named, so that its members' values come as a tuple.
struct any_member {
  template <class Member>
  operator Member() const;
};
template <class Struct, class... Member>
constexpr int member_count() {
  if constexpr (sizeof...(Member) == 8) {
    return -1;
  } else if constexpr (requires { Struct{Member{}..., any_member{}}; }) {
    return member_count<Struct, Member..., any_member>();
  } else {
    return sizeof...(Member);
  }
}
template <class Struct, class Call>
constexpr auto apply_to_members(Struct const& s, Call const& call) {
  constexpr int count = member_count<Struct>();
  if constexpr (count == 1) {
    auto const& [a] = s;
    return call(a);
  } else if constexpr (count == 2) {
    auto const& [a, b] = s;
    return call(a, b);
  } else if constexpr (count == 3) {
    auto const& [a, b, c] = s;
    return call(a, b, c);
  } else if constexpr (count == 4) {
    auto const& [a, b, c, d] = s;
    return call(a, b, c, d);
  } else if constexpr (count == 5) {
    auto const& [a, b, c, d, f] = s;
    return call(a, b, c, d, f);
  } else if constexpr (count == 6) {
    auto const& [a, b, c, d, f, g] = s;
    return call(a, b, c, d, f, g);
  } else if constexpr (count == 7) {
    auto const& [a, b, c, d, f, g, h] = s;
    return call(a, b, c, d, f, g, h);
  }
}
struct tell_structure {
  template <class... F>
  constexpr auto operator()(F const&...) const {
    return type_box<void(F...)>{};
  }
};
template <class Struct, class Members>
struct struct_structure {
  static constexpr bool accepted = false;
};
template <class Struct, class... F>
struct struct_structure<Struct, type_box<void(F...)>> : structure<Struct, F...> {
  template <class... Value>
  using mirror = std::tuple<Value...>;
  template <class Call>
  static void apply(Struct const& what, Call const& call) {
    apply_to_members(what, call);
  }
};
template <class F>
  requires(std::is_class_v<F> && std::is_aggregate_v<F> && !expression<F>)
struct fetch_traits<F> : struct_structure<F, decltype(apply_to_members(std::declval<F const&>(), tell_structure{}))> {};

template <class F>
concept fetchable = fetch_traits<F>::accepted;

}  // namespace detail

TFX_END
