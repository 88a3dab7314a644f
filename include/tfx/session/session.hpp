// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/session/execution.hpp>
#include <tfx/tensor/value.hpp>
#include <tuple>

TFX_BEGIN

/// What a run gives back for a fetch that has no value.
struct none {};

namespace detail {
// What std::tuple would do, without what it costs the compiler for each list of types.
template <int I, class X>
struct fetch_item {
  X x;
};
template <class Indices, class... X>
struct fetch_items;
template <int... I, class... X>
struct fetch_items<std::integer_sequence<int, I...>, X...> : fetch_item<I, X>... {
  template <class F>
  constexpr void each(F f) const {
    (f(fetch_item<I, X>::x), ...);
  }
};
}  // namespace detail

/// Several fetches of one run: `auto [a, b] = sess.run(fetch(x, y))`.
template <class... X>
struct fetch_list : detail::fetch_items<std::make_integer_sequence<int, sizeof...(X)>, X...> {};
template <expression... X>
constexpr fetch_list<X...> fetch(X const&... x) {
  return {{{x}...}};
}

namespace detail {

template <class Fetch>
struct fetches_of {
  using list = type_box<void(Fetch)>;
  static constexpr bool is_list = false;
};
template <class... X>
struct fetches_of<fetch_list<X...>> {
  using list = type_box<void(X...)>;
  static constexpr bool is_list = true;
};

template <class X, class Value>
struct fed {
  static constexpr dims value = value_traits<Value>::shape;
  using shape_type = shape_from<fed>;
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
template <class List, class... Feeds>
struct request;
template <class... X, class... F, class... V>
struct request<type_box<void(X...)>, feed<F, V>...> {
  static constexpr u64 hash = fetch_hashes<X::hash...>::template with_feeds<fed<F, V>::hash...>::hash;
  static constexpr int literal_count = lookup(key<hash>{})->number_count;
};

template <u64 Request, bool Fits = program<Request>::error.kind == refusal_kind::none>
struct judged {
  static constexpr refusal error = compiled<Request>::error;
};
template <u64 Request>
struct judged<Request, false> {
  static constexpr refusal error = program<Request>::error;
};

template <u64 Request>
struct runnable {
  using code = compiled<Request>;
  static constexpr auto& plan = code::plan;
  static constexpr auto& count = code::count;
  static constexpr auto kernels =
      code::make_kernels(std::make_integer_sequence<int, code::scheduled::fused::count.kernels>{});
  static constexpr run_tables tables{plan.steps,
                                     kernels.run,
                                     plan.slots,
                                     plan.buffers,
                                     plan.arenas,
                                     plan.feeds,
                                     plan.literals,
                                     plan.variables,
                                     plan.open_variables,
                                     plan.symbols,
                                     plan.derivations,
                                     plan.checks,
                                     plan.text,
                                     count,
                                     execution::run_of<count>()};

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
      for (int k = 0; k < rank<I>(); ++k) extents[k] = e.extent(plan.fetches[I].shape[k]);
      return fetch_value<typename X::value_type, rank<I>()>(e.buffer(plan.fetches[I].buffer), extents);
    }
  }
  template <bool IsList, class... X, int... I>
  TFX_INLINE static auto results(execution const& e, type_box<void(X...)>, std::integer_sequence<int, I...>) {
    if constexpr (IsList) {
      return std::tuple{result<I, X>(e)...};
    } else if constexpr (std::is_void_v<typename X::value_type...>) {
      return;
    } else {
      return (result<I, X>(e), ...);
    }
  }
};

template <class T, class V>
TFX_INLINE void bind_value(execution& e, int i, V const& value) {
  using traits = value_traits<V>;
  auto const& shape = traits::shape_of(value);
  if constexpr (std::is_same_v<typename traits::value_type, T> && traits::is_contiguous) {
    e.bind_feed(i, traits::contiguous(value), shape.rank, shape.extent);
  } else {
    i64 count = 1;
    for (int k = 0; k < shape.rank; ++k) count *= shape.extent[k];
    T* data = nullptr;
    if constexpr (std::is_same_v<T, std::string>) {
      data = e.staging_texts(i, count);
    } else {
      data = static_cast<T*>(e.staging(i, count * i64{sizeof(T)}));
    }
    copy_value(value, data, count);
    e.bind_feed(i, data, shape.rank, shape.extent);
  }
}
template <class... F, class... V, int... I>
TFX_INLINE void bind_feeds(execution& e, std::integer_sequence<int, I...>, feed<F, V> const&... feeds) {
  (bind_value<typename F::value_type>(e, I, feeds.value), ...);
}

/// Finds the numbers that ride in some fetches, in the order of the request.
template <u64 Request, int Count, class Fetch>
TFX_INLINE void find_all_literals(literal const* (&into)[Count], Fetch const& what) {
  if constexpr (Count > 1) {
    if constexpr (fetches_of<Fetch>::is_list) {
      what.each([&](auto const& x) { find_literals(into, source_of<Request, Count - 1>(x)); });
    } else {
      find_literals(into, source_of<Request, Count - 1>(what));
    }
  }
}

}  // namespace detail

template <class Fetch, class... Feeds>
struct request_of {
  using fetches = typename detail::fetches_of<Fetch>::list;
  static constexpr u64 hash = detail::request<fetches, Feeds...>::hash;
};
template <class Fetch, class... Feeds>
concept can_run = detail::judged<request_of<Fetch, Feeds...>::hash>::error.kind == refusal_kind::none;
template <class Fetch, class... Feeds>
using run_refused = refused<detail::judged<request_of<Fetch, Feeds...>::hash>>;

template <class Fetch, class... Inputs>
class callable;

/// Runs parts of graphs and holds the values of variables. Not for several threads at once; different sessions are.
class Session {
 public:
  Session() = default;
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;
  ~Session() { close(); }

  /// Computes what is fetched, from the variables of this session and the feeds `placeholder = value`. A tensor gives a
  /// number or an xtensor container, an operation nothing, `fetch(a, b)` a tuple.
  template <class Fetch, class... Feeds>
    requires can_run<Fetch, Feeds...>
  auto run(Fetch const& what, Feeds const&... feeds) {
    constexpr u64 request = request_of<Fetch, Feeds...>::hash;
    return run_in<request>(find(request, detail::runnable<request>::tables), what, feeds...);
  }
  template <class Fetch, class... Feeds>
    requires(!can_run<Fetch, Feeds...>)
  run_refused<Fetch, Feeds...> run(Fetch const& what, Feeds const&... feeds);

  /// The same run, prepared: `auto step = sess.make_callable(train, x, y); step(images, labels);`
  template <class Fetch, typed_expression... Inputs>
  auto make_callable(Fetch const& what, Inputs const&...) {
    return callable<Fetch, Inputs...>(*this, what);
  }

  /// Ends the session; every later run is refused.
  [[gnu::noinline]] void close() {
    closed_ = true;
    while (execution* const first = executions_) {
      executions_ = first->next;
      delete first;
    }
    while (variable_state* const first = variables_) {
      variables_ = first->next;
      delete first;
    }
    last_ = nullptr;
  }

  /// Makes this the thread's default session, which `eval()` and `run()` of expressions use, while the guard lives.
  [[nodiscard]] auto as_default() { return guard(*this); }

  /// The thread's default session.
  static Session& current() {
    if (!guard::last)
      throw errors::FailedPreconditionError(
          "Cannot evaluate tensor using `eval()`: No default session is registered.\nhelp: auto guard = "
          "sess.as_default();");
    return *guard::last->session_;
  }

  /// The thread's guards form a list, the last one first; they may end in any order.
  class guard {
   public:
    explicit guard(Session& session) : session_(&session), before_(last) { last = this; }
    guard(guard const&) = delete;
    guard& operator=(guard const&) = delete;
    ~guard() {
      guard** at = &last;
      while (*at != this) at = &(*at)->before_;
      *at = before_;
    }

   private:
    friend class Session;
    inline static constinit thread_local guard* last = nullptr;

    Session* session_;
    guard* before_;
  };

 private:
  template <class Fetch, class... Inputs>
  friend class callable;

  bool closed_ = false;
  variable_state* variables_ = nullptr;
  execution* executions_ = nullptr;
  execution* last_ = nullptr;

  [[gnu::noinline]] execution& find(u64 request, run_tables const& tables) {
    if (last_ && last_->key == request) return *last_;
    if (closed_) throw errors::FailedPreconditionError("Attempted to use a closed Session.");
    last_ = executions_;
    while (last_ && last_->key != request) last_ = last_->next;
    if (!last_) last_ = executions_ = new execution(request, tables, variables_, executions_);
    return *last_;
  }

  template <u64 Request, class Fetch, class... Feeds>
  TFX_INLINE static auto run_in(execution& e, Fetch const& what, Feeds const&... feeds) {
    using code = detail::runnable<Request>;
    using list = detail::fetches_of<Fetch>;
    literal const* literals[lookup(key<Request>{})->number_count + 1] = {};
    detail::find_all_literals<Request>(literals, what);
    if constexpr (code::count.symbols > 0) e.begin();
    detail::bind_feeds(e, std::make_integer_sequence<int, sizeof...(Feeds)>{}, feeds...);
    e.run(literals);
    return code::template results<list::is_list>(e, typename list::list{},
                                                 std::make_integer_sequence<int, code::count.fetches>{});
  }
};

/// A session that is the thread's default from the beginning.
class InteractiveSession : public Session {
 public:
  InteractiveSession() : guard_(*this) {}

 private:
  guard guard_;
};

/// A prepared run: its arguments are the feeds, in the order of make_callable. Belongs to its session.
template <class Fetch, class... Inputs>
class callable {
 public:
  callable(Session& session, Fetch const& what) : session_(&session), what_(what) {}

  template <class... Values>
    requires(sizeof...(Values) == sizeof...(Inputs) && can_run<Fetch, feed<Inputs, Values>...>)
  auto operator()(Values const&... values) {
    constexpr u64 request = request_of<Fetch, feed<Inputs, Values>...>::hash;
    if (session_->closed_ || !execution_ || execution_->key != request)
      execution_ = &session_->find(request, detail::runnable<request>::tables);
    return Session::run_in<request>(*execution_, what_, feed<Inputs, Values>{values}...);
  }
  template <class... Values>
    requires(sizeof...(Values) == sizeof...(Inputs) && !can_run<Fetch, feed<Inputs, Values>...>)
  run_refused<Fetch, feed<Inputs, Values>...> operator()(Values const&... values);

 private:
  Session* session_;
  Fetch what_;
  execution* execution_ = nullptr;
};

template <class T, class Shape, u64 Hash>
template <class... Feeds>
auto expr<T, Shape, Hash>::eval(Feeds const&... feeds) const {
  return Session::current().run(*this, feeds...);
}
template <u64 Hash>
template <class... Feeds>
void operation<Hash>::run(Feeds const&... feeds) const {
  Session::current().run(*this, feeds...);
}

TFX_END
