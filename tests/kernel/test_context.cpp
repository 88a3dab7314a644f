// SPDX-License-Identifier: Apache-2.0
// What a kernel is called with: memory to work in, the part of the work, the next value of a state.
#include <algorithm>
#include <cmath>
#include <support/op_test.hpp>
#include <vector>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
/// The middle one of each row and of the attribute's numbers 0, 1, 2, …, worked out in a row of scratch.
struct middle_op {
  static constexpr auto name = "Middle";
  static constexpr tf::op_kind kind = tf::op_kind::kernel;
  static constexpr tf::op_traits traits{.has_scratch = true};
  static constexpr auto gradient = tf::constant_to_derivatives;
  static constexpr void infer(tf::inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    call.shape = call.shapes[0];
    --call.shape.rank;
  }
  static constexpr void scratch(tf::scratch_request& call) {
    tf::dims const& x = call.shape(0);
    tf::dims const row{1, {x[x.rank - 1]}}, added{1, {call.attributes()[0]}};
    if (call.attributes()[0] == 0) return call.add(call.type(0), row);
    call.add(call.type(0), row, added);
    call.add(tf::dtype::boolean, {});
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr tf::dims x = Call::in_shape(0);
    constexpr tf::i64 added = Call::attributes()[0];
    tf::i64 const rows = call.count(x, 0, x.rank - 1), n = call.extent(x[x.rank - 1]);
    auto* const row = call.scratch();
    for (tf::i64 i = 0; i < rows; ++i) {
      std::copy_n(call.template in<0>() + i * n, n, row);
      for (tf::i64 k = 0; k < added; ++k) row[n + k] = static_cast<typename Call::out_type>(k);
      if constexpr (added > 0) *call.template scratch<1>() = true;
      std::nth_element(row, row + (n + added) / 2, row + n + added);
      call.out()[i] = row[(n + added) / 2];
    }
  }
};
template <int Added, class X>
constexpr auto middle(X const& x) {
  return tf::apply<middle_op, "", tf::words<Added>>(x);
}

/// Each row twice, from two pieces of scratch of one form that hold it and its numbers doubled.
struct twice_op : middle_op {
  static constexpr auto name = "Twice";
  static constexpr void infer(tf::inference& call) {
    call.type = call.types[0];
    if (!call.defer()) call.shape = call.shapes[0];
  }
  static constexpr void scratch(tf::scratch_request& call) {
    tf::dims const row{1, {call.shape(0)[call.shape(0).rank - 1]}}, one{1, {1}};
    for (int i = 0; i < 2; ++i) call.add(call.type(0), row, one);
  }
  template <class Call>
  static void run(Call const& call) {
    tf::i64 const n = call.count(Call::in_shape(0));
    auto *const a = call.template scratch<0>(), *const b = call.template scratch<1>();
    for (tf::i64 i = 0; i < n; ++i) {
      a[i] = call.template in<0>()[i];
      b[i] = 10 * a[i];
    }
    for (tf::i64 i = 0; i < n; ++i) call.out()[i] = a[i] + b[i];
  }
};
struct no_scratch_op : middle_op {
  static constexpr auto name = "NoScratch";
  static constexpr tf::op_traits traits{};
};
static_assert(tf::op<middle_op> && !tf::op<no_scratch_op>);

/// The one kernel of a run, called by hand over memory of the test's own.
template <class Fetch, class... Feeds>
struct one_step {
  using code = tf::detail::executable<tf::request_of<Fetch, Feeds...>::hash>;
  static_assert(code::count.steps == 1);
  std::vector<void*> buffers = std::vector<void*>(code::count.buffers, nullptr);
  std::vector<tf::i64> extents;

  void call(tf::kernel::work_part part) const {
    code::kernels.run[code::plan.steps[0].kernel](buffers.data(), extents.data(),
                                                  code::plan.slots + code::plan.steps[0].first_slot, part);
  }
  void*& feed(int i) { return buffers[static_cast<std::size_t>(code::plan.feeds[i].buffer)]; }
  void*& fetch() { return buffers[static_cast<std::size_t>(code::plan.fetches[0].buffer)]; }
};
template <class X>
inline constexpr std::size_t rank_of = static_cast<std::size_t>(lookup(tf::key<X::hash>{})->shape->rank);
template <class Y, class... X>
auto step_of(Y const&, X const&...) {
  return one_step<Y, std::remove_cvref_t<decltype(std::declval<X const&>() =
                                                      std::declval<xt::xtensor<float, rank_of<X>>&>())>...>{};
}
std::vector<float> wave(std::size_t size) {
  std::vector<float> x(size);
  for (std::size_t i = 0; i < size; ++i) x[i] = std::cos(static_cast<float>(i));
  return x;
}
/// Whether five parts of a step, in any order, write what the whole of it writes, and nothing else.
bool same_in_parts(auto step, std::size_t size) {
  std::vector<float> whole(size + 1, -7), parts(size + 1, -7);
  step.fetch() = whole.data();
  step.call({});
  step.fetch() = parts.data();
  for (int i : {2, 0, 3, 1, 4}) step.call({i, 5});
  return whole == parts && parts.back() == -7 && (size == 0 || parts[0] != -7);
}
}  // namespace

TEST_CASE("context: parts of any number of units are all of them, one after another") {
  for (int count = 1; count < 9; ++count)
    for (tf::i64 n = 0; n < 70; ++n)
      for (tf::i64 grain : {1, 3, 16}) {
        tf::i64 next = 0;
        for (int i = 0; i < count; ++i) {
          auto const [begin, end] = tf::kernel::work_part{i, count}.of(n, grain);
          CHECK((begin == next && end >= begin && (begin % grain == 0 || begin == n)));
          next = end;
        }
        CHECK(next == n);
      }
}
TEST_CASE("context: a kernel works in memory that it asks for, of a static size") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 5>);
  tf::Session sess;
  auto const [plain, more] =
      sess.run(tf::fetch(middle<0>(x), middle<4>(x)), x = {{5, 1, 4, 2, 3}, {-1, -2, -3, -4, 9}});
  CHECK(same(plain, {3, -2}));
  CHECK(same(more, {2, 0}));
  // A row, and the result.
  static_assert(tf::plan(middle<0>(tf::placeholder<"x", float>(tf::shape<2, 100>))).arena_bytes() == 448 + 64);
  // Two terms, the flag, and the result.
  static_assert(tf::plan(middle<4>(tf::placeholder<"x", float>(tf::shape<2, 100>))).arena_bytes() ==
                448 + 64 + 64 + 64);
}
TEST_CASE("context: steps use the same scratch one after another") {
  constexpr auto x = tf::placeholder<"x", double>(tf::shape<3, 4, 100>);
  // The second step's result and row lie where the first one's row was.
  static_assert(tf::plan(middle<0>(middle<0>(x))).arena_bytes() == 832 + 128);
  tf::Session sess;
  xt::xtensor<double, 3> values = xt::reshape_view(xt::arange<double>(1200), {3, 4, 100});
  CHECK(same(sess.run(middle<0>(middle<0>(x)), x = values), {250, 650, 1050}));
}
TEST_CASE("context: scratch of extents that a run tells, and sums of them") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn, tf::dyn>);
  tf::Session sess;
  auto const y = middle<0>(x);
  auto const z = middle<7>(x);
  CHECK(same(sess.run(y, x = {{3, 1, 2}}), {2}));
  for (std::size_t n : {1u, 8u, 9u, 200u, 3u}) {
    xt::xtensor<double, 2> values = xt::zeros<double>({std::size_t{2}, n});
    xt::view(values, 1, xt::all()) = 3.0;
    auto const [a, b] = sess.run(tf::fetch(y, z), x = values);
    CHECK(same(a, {0, 3}));
    CHECK(same(b, {n > 6 ? 0. : static_cast<double>((n + 7) / 2 - n), 3}));
  }
}
TEST_CASE("context: steps take turns in scratch that is a sum") {
  auto const x = tf::placeholder<"x", float>(tf::shape<5, tf::dyn>);
  auto const y = tf::placeholder<"y", float>(tf::shape<6, tf::dyn>);
  constexpr std::size_t row = 7 * 64, added = 64, flag = 64, result = 64;
  static_assert(tf::plan(middle<7>(tf::placeholder<"x", float>(tf::shape<5, tf::dyn>))).arena_bytes(7) ==
                row + added + flag + result);
  static_assert(tf::plan(middle<7>(tf::placeholder<"x", float>(tf::shape<5, tf::dyn>)) +
                         middle<30>(tf::placeholder<"z", float>(tf::shape<5, tf::dyn>)))
                    .arena_bytes(7, 7) ==
                2 * row + added + 2 * added + 3 * result);  // the last result is where flags were
  tf::Session sess;
  auto const all = tf::reduce_sum(middle<7>(x)) + tf::reduce_sum(middle<2>(x)) + tf::reduce_sum(middle<30>(y));
  CHECK(sess.run(all, x = xt::xtensor<float, 2>(xt::ones<float>({5, 40})),
                 y = xt::xtensor<float, 2>(xt::zeros<float>({6, 80}))) == 10);
}
TEST_CASE("context: two sums of one form in one step are two pieces") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  tf::Session sess;
  CHECK(same(sess.run(tf::apply<twice_op>(x), x = {1, 2, 3}), {11, 22, 33}));
  CHECK(same(sess.run(tf::apply<twice_op>(x) + middle<7>(tf::reshape(x, tf::shape<1, -1>)), x = {1, 2}), {13, 24}));
}
TEST_CASE("context: a product of dynamic rows is the same in parts") {
  auto const a = tf::placeholder<"a", float>(tf::shape<tf::dyn, 5>);
  auto const b = tf::placeholder<"b", float>(tf::shape<5, 3>);
  for (std::size_t rows : {0u, 1u, 7u, 50u}) {
    auto step = step_of(tf::matmul(a, b), a, b);
    std::vector<float> x = wave(5 * rows), w = wave(15);
    step.extents = {static_cast<tf::i64>(rows)};
    step.feed(0) = x.data();
    step.feed(1) = w.data();
    CHECK(same_in_parts(step, 3 * rows));
  }
}
TEST_CASE("context: a loop is the same in parts, over rows and over single elements, static and not") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 7>);
  auto const bias = tf::placeholder<"bias", float>(tf::shape<7>);
  for (std::size_t rows : {0u, 1u, 3u, 64u, 1000u}) {
    std::vector<float> vx = wave(7 * rows), vbias = wave(7);
    auto over_rows = step_of(tf::tanh(x) * bias + tf::range<float, 0, 7>(), x, bias);
    over_rows.extents = {static_cast<tf::i64>(rows)};
    over_rows.feed(0) = vx.data();
    over_rows.feed(1) = vbias.data();
    CHECK(same_in_parts(over_rows, 7 * rows));
    auto over_elements = step_of(tf::square(tf::tanh(x)), x);
    over_elements.extents = {static_cast<tf::i64>(rows)};
    over_elements.feed(0) = vx.data();
    CHECK(same_in_parts(over_elements, 7 * rows));
  }
  auto const check = [](auto shape, std::size_t size) {
    auto const y = tf::placeholder<"y", float>(shape);
    auto step = step_of(tf::square(y), y);
    std::vector<float> vy = wave(size);
    step.feed(0) = vy.data();
    CHECK(same_in_parts(step, size));
  };
  check(tf::shape<9>, 9);  // too short to be shared: one part does all of it
  check(tf::shape<5000>, 5000);
  check(tf::shape<>, 1);
  auto const z = tf::placeholder<"z", float>(tf::shape<6000>);
  auto sum = step_of(tf::reduce_sum(z), z);  // what folds is not shared either
  std::vector<float> vz = wave(6000);
  sum.feed(0) = vz.data();
  CHECK(same_in_parts(sum, 1));
}
