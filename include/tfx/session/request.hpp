// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/session/fetch.hpp>

TFX_BEGIN

namespace detail {

template <class X, class Value>
struct feed_descriptor {
  static constexpr dims value = value_traits<Value>::shape;
  using shape_type = shape_from<feed_descriptor>;
  static constexpr u64 hash =
      content_hash(define_op<feed_op>::hash, X::hash, dtype_of<typename X::value_type>, value, 0, nullptr, 0);
  static_assert(
      define<hash, feed_op, "", dtype_of<typename X::value_type>, shape_type, words<>, carries_none, X::hash>::done);
};

template <u64... Fetch>
struct fetch_hashes {
  template <u64... Feed>
  struct with_feeds {
    static constexpr u64 all[] = {sizeof...(Fetch), Fetch..., Feed...};
    static constexpr u64 hash =
        content_hash(define_op<run_op>::hash, 0, dtype::none, {}, 0, all, sizeof...(Fetch) + sizeof...(Feed) + 1);
    static_assert(
        define<hash, run_op, "", dtype::none, shape_t<>, words<sizeof...(Fetch)>, 0, Fetch..., Feed...>::done);
  };
};
/// A fetch as the run knows it: unnamed constants are told apart by its place among all fetches.
template <class X, int I>
struct fetched_at {
  using type = X;
};
template <class X, int I>
  requires(!distinct<X>)
struct fetched_at<X, I> {
  using type = distinguished<X, static_cast<u64>(I) + 1, false>;
};
template <class List>
inline constexpr bool all_distinct = true;
template <class... X>
inline constexpr bool all_distinct<type_box<void(X...)>> = (distinct<X> && ...);
template <class List, class Indices>
struct fetch_hashes_at;
template <class... X, int... I>
struct fetch_hashes_at<type_box<void(X...)>, std::integer_sequence<int, I...>> {
  using type = fetch_hashes<fetched_at<X, I>::type::hash...>;
  template <u64 Request>
  static constexpr auto maps() {
    struct {
      int const* of[sizeof...(X) + 1];
    } list{{literal_map_of<Request, typename fetched_at<X, I>::type,
                           is_mapped<Request, typename fetched_at<X, I>::type>>...,
            nullptr}};
    return list;
  }
};
template <class List>
struct fetch_hashes_of;
template <class... X>
struct fetch_hashes_of<type_box<void(X...)>> {
  using type = fetch_hashes<X::hash...>;
};
template <class... X>
  requires(!(distinct<X> && ...))
struct fetch_hashes_of<type_box<void(X...)>>
    : fetch_hashes_at<type_box<void(X...)>, std::make_integer_sequence<int, sizeof...(X)>> {};

template <class List, class... Feeds>
struct request;
template <class... X, class... Feeds>
struct request<type_box<void(X...)>, Feeds...> {
  static constexpr u64 hash = fetch_hashes_of<type_box<void(X...)>>::type::template with_feeds<
      feed_descriptor<typename Feeds::target_type, typename Feeds::value_type>::hash...>::hash;
  static constexpr int literal_count = lookup(key<hash>{})->number_count;
};

/// The first mistake of a request, or none.
template <u64 Request, bool Fits = analysis<Request>::error.kind == refusal_kind::none>
struct diagnosis {
  static constexpr refusal error = late_mistake<Request>::error;
};
template <u64 Request>
struct diagnosis<Request, false> {
  static constexpr refusal error = analysis<Request>::error;
};

/// What a session runs: the plan, and the functions that it calls.
template <u64 Request>
struct executable {
  static constexpr auto& plan = pipeline<Request>::plan::view;
  static constexpr plan_counts count{pipeline<Request>::plan::count, pipeline<Request>::plan::facts};
  static constexpr auto kernels = pipeline<Request>::kernels();
  static constexpr text_functions const* texts() {
    if constexpr (count.has_texts) return &functions_of_texts<std::string>;
    return nullptr;
  }
  static constexpr auto streams() -> void (*)(execution&, literal const* const*) {
    if constexpr (count.has_streams) return &execution::find_streams;
    return nullptr;
  }
  static constexpr run_tables tables{plan, kernels.run, count, execution::run_of<count>(), texts(), streams()};

  template <int I>
  static constexpr int rank() {
    return plan.fetches[I].shape.rank;
  }
  template <int I, class X>
  TFX_INLINE static auto result(execution const& e) {
    if constexpr (std::is_void_v<typename X::value_type>) {
      return none{};
    } else {
      i64 extents[rank<I>() + 1] = {};
      e.read_extents(plan.fetches[I].shape, extents);
      return fetch_value<typename X::value_type, rank<I>()>(e.buffer(plan.fetches[I].buffer), extents);
    }
  }
  template <int I, class Memory>
  static void check_memory(Memory const& memory, execution const& e) {
    i64 extents[rank<I>() + 1] = {};
    e.read_extents(plan.fetches[I].shape, extents);
    memory.check(rank<I>(), extents);
  }
  template <int I, class Memory>
  static void write_memory(Memory const& memory, execution const& e) {
    memory.write(static_cast<type_of<plan.fetches[I].type> const*>(e.buffer(plan.fetches[I].buffer)));
  }
};

template <class T, class V>
TFX_INLINE void bind_value(execution& e, int i, V const& value) {
  using traits = value_traits<V>;
  auto const& shape = traits::shape_of(value);
  if constexpr (std::is_same_v<canonical_type<typename traits::value_type>, T> &&
                traits::layout != value_layout::items) {
    bool in_place = true;
    if constexpr (traits::layout == value_layout::strided)
      in_place = is_row_major(shape.rank, shape.extent, traits::strides(value).extent);
    if (in_place) return e.bind_feed(i, traits::data(value), shape.rank, shape.extent);
  }
  if constexpr (!std::is_same_v<canonical_type<typename traits::value_type>, T> ||
                traits::layout != value_layout::row_major) {
    i64 const count = count_of(shape);
    T* data = nullptr;
    if constexpr (std::is_same_v<T, std::string>) {
      data = static_cast<T*>(e.staging_texts(i, count, functions_of_texts<T>));
    } else {
      data = static_cast<T*>(e.staging(i, count * i64{sizeof(T)}));
    }
    convert_value(value, data, e.feed_name(i));
    e.bind_feed(i, data, shape.rank, shape.extent);
  }
}
template <class... Feeds, int... I>
TFX_INLINE void bind_feeds(execution& e, std::integer_sequence<int, I...>, Feeds const&... feeds) {
  (bind_value<typename Feeds::target_type::value_type>(e, I, feeds.value()), ...);
}

/// A tensor is fed by its place in the source: one that holds other numbers than the graph's is another.
[[gnu::noinline]] inline void check_fed_numbers(literal const* const* found, literal_source const& fed) {
  for (int i = 0; i < fed.count; ++i) {
    literal const* const here = fed.place(i) < 0 ? nullptr : found[fed.place(i)];
    if (here && !(*here == fed.values[i])) refuse_literals(fed.values[i], *here);
  }
}
template <u64 Request, class X, class Value>
TFX_INLINE void check_fed(literal const* const* found, feed<X, Value> const& fed) {
  if constexpr (X::literal_count > 0) check_fed_numbers(found, source_of<Request>(fed.target));
}
// Of a tensor without numbers, or of a callable's, which was checked when that was made.
template <u64 Request, class X, class Value>
TFX_INLINE void check_fed(literal const* const*, borrowed<X, Value> const&) {}

/// Finds the numbers that ride in some fetches, in the order of the request.
template <u64 Request, int Count, class Fetch>
TFX_INLINE void find_all_literals(literal const* (&into)[Count], Fetch const& what) {
  using list = typename fetch_traits<Fetch>::list;
  if constexpr (Count > 1 && all_distinct<list>) {
    auto find = [&](auto const& x) { find_literals(into, source_of<Request>(x)); };
    fetch_traits<Fetch>::each(what, find);
  } else if constexpr (Count > 1) {
    static constexpr auto maps = fetch_hashes_of<list>::template maps<Request>();
    int i = 0;
    auto find = [&]<class X>(X const& x) {
      int const at = i++;
      if constexpr (X::literal_count > 0) find_literals(into, {x.literals, maps.of[at], X::literal_count});
    };
    fetch_traits<Fetch>::each(what, find);
  }
}

template <class Code, class Fetch>
void check_memories(void const* fetches, execution const& e) {
  auto check = [&]<int I>(std::integral_constant<int, I>, auto const& memory) {
    Code::template check_memory<I>(memory, e);
  };
  fetch_traits<Fetch>::template each_memory<0>(*static_cast<Fetch const*>(fetches), check);
}

/// The run itself, and what it gives.
template <u64 Request, class Fetch, class... Feeds>
TFX_INLINE auto run_in(execution& e, Fetch const& what, Feeds const&... feeds) {
  using code = executable<Request>;
  using fetched = fetch_traits<Fetch>;
  literal const* literals[lookup(key<Request>{})->number_count + 1] = {};
  find_all_literals<Request>(literals, what);
  (check_fed<Request>(literals, feeds), ...);
  if constexpr (code::count.symbols > 0) e.begin();
  bind_feeds(e, std::make_integer_sequence<int, sizeof...(Feeds)>{}, feeds...);
  if constexpr (fetched::writes) {
    e.run(literals, {&check_memories<code, Fetch>, &what});
  } else {
    e.run(literals);
  }
  using result = decltype(fetched::template result<code, 0>(e));
  if constexpr (fetched::writes) {
    // Written last: a fetched placeholder's value is where it was fed from.
    auto values = fetched::template result<code, 0>(e);
    auto write = [&]<int I>(std::integral_constant<int, I>, auto const& memory) {
      code::template write_memory<I>(memory, e);
    };
    fetched::template each_memory<0>(what, write);
    if constexpr (!std::is_same_v<result, none>) return values;
  } else if constexpr (!std::is_same_v<result, none>) {
    return fetched::template result<code, 0>(e);
  }
}

template <class F>
inline constexpr bool is_feed = false;
template <class X, class Value>
inline constexpr bool is_feed<feed<X, Value>> = true;
template <class X, class Value>
inline constexpr bool is_feed<borrowed<X, Value>> = true;

/// What an argument of a run after the fetches is: a feed of a value, or else a mistake, which `type` names.
template <class Feed>
struct feed_diagnosis {
  static constexpr bool accepted = is_feed<Feed>;
  using type = feed_is_written_placeholder_equals_value<Feed>;
};
}  // namespace detail

template <class Fetch, class... Feeds>
struct request_of {
  static constexpr u64 hash = detail::request<typename detail::fetch_traits<Fetch>::list, Feeds...>::hash;
};
template <class Fetch, class... Feeds>
concept can_run = detail::fetchable<Fetch> && (detail::feed_diagnosis<Feeds>::accepted && ...) &&
                  detail::diagnosis<request_of<Fetch, Feeds...>::hash>::error.kind == refusal_kind::none;

namespace detail {
/// Why a run is refused: the first mistake.
template <class Fetch, class... Feeds>
struct run_mistake {
  using type = cannot_be_fetched<Fetch>;
};
template <class Feed, class... Rest>
struct first_wrong_feed : first_wrong_feed<Rest...> {};
template <class Feed, class... Rest>
  requires(!feed_diagnosis<Feed>::accepted)
struct first_wrong_feed<Feed, Rest...> {
  using type = typename feed_diagnosis<Feed>::type;
};
template <fetchable Fetch, class... Feeds>
struct run_mistake<Fetch, Feeds...> : first_wrong_feed<Feeds...> {};
template <fetchable Fetch, class... Feeds>
  requires(feed_diagnosis<Feeds>::accepted && ...)
struct run_mistake<Fetch, Feeds...> {
  using type = refused<diagnosis<request_of<Fetch, Feeds...>::hash>>;
};
}  // namespace detail

template <class Fetch, class... Feeds>
using run_refused = typename detail::run_mistake<Fetch, Feeds...>::type;

TFX_END
