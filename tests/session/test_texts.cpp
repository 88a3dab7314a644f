// SPDX-License-Identifier: Apache-2.0
// Tensors of strings: every op that takes any dtype, variables, feeds and fetches. Texts are longer than what a string
// holds in itself.
#include <algorithm>
#include <support/op_test.hpp>

namespace tf = tfx;

namespace {
using texts = std::vector<std::string>;

std::string text(std::size_t i) { return "a text that no string holds in itself, number " + std::to_string(i); }
template <std::size_t Rank>
xt::xtensor<std::string, Rank> tensor(std::array<std::size_t, Rank> const& shape, std::size_t first = 0) {
  xt::xtensor<std::string, Rank> out(shape);
  for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = text(first + i);
  return out;
}
template <class X>
texts flat(X const& x) {
  return texts(x.begin(), x.end());
}

auto const p = tf::placeholder<"p", std::string>(tf::shape<tf::dyn, 2>);
auto const q = tf::placeholder<"q", std::string>(tf::shape<tf::dyn, 2>);
auto const row = tf::placeholder<"row", std::string>(tf::shape<2>);
}  // namespace

TEST_CASE("texts: concat, stack, slice, tile and pad move them, for any extents in turn") {
  auto const longer = tf::concat(tf::axis<0>, p, q);
  auto const wider = tf::concat(tf::axis<1>, p, p);
  auto const stacked = tf::stack(tf::axis<1>, p, p);
  auto const cut = tf::slice(longer, tf::index<0, 1>, tf::shape<-1, 1>);
  auto const tiled = tf::tile(p, tf::multiples<2, 2>);
  auto const padded = tf::pad(p, tf::paddings<1, 0, 0, 1>);
  tf::Session sess;
  for (std::size_t const n : {2u, 5u, 0u, 1u, 3u}) {
    auto const a = tensor<2>({n, 2}), b = tensor<2>({n + 1, 2}, 100);
    auto const [l, w, s, c, t, d] = sess.run(tf::fetch(longer, wider, stacked, cut, tiled, padded), p = a, q = b);
    CHECK((l.shape(0) == 2 * n + 1 && l(n, 1) == text(101) && l(2 * n, 0) == text(100 + 2 * n)));
    CHECK(c(2 * n, 0) == text(101 + 2 * n));
    CHECK((d.shape(0) == n + 1 && d.shape(1) == 3 && d(0, 0).empty() && d(n, 2).empty()));
    CHECK(t.shape() == std::array<std::size_t, 2>{2 * n, 4});
    for (std::size_t i = 0; i < n; ++i) {
      CHECK((w(i, 3) == a(i, 1) && s(i, 1, 0) == a(i, 0) && t(n + i, 3) == a(i, 1) && d(i + 1, 0) == a(i, 0)));
    }
  }
}
TEST_CASE("texts: transpose, reshape, squeeze, unstack and a random order keep every one") {
  auto const turned = tf::transpose(p);
  auto const line = tf::reshape(turned, tf::shape<-1>);
  auto const same = tf::squeeze(tf::expand_dims(tf::identity(p), tf::axis<0>), tf::axis<0>);
  auto const shuffled = tf::random_shuffle(p);
  auto const [first, second] = tf::unstack(p, tf::axis<1>);
  tf::Session sess;
  for (std::size_t const n : {7u, 1u, 4u}) {
    auto const a = tensor<2>({n, 2});
    auto const [t, l, s, r, u, v] = sess.run(tf::fetch(turned, line, same, shuffled, first, second), p = a);
    CHECK((t(1, n - 1) == a(n - 1, 1) && l(n) == a(0, 1) && s == a));
    CHECK((u(n - 1) == a(n - 1, 0) && v(n - 1) == a(n - 1, 1)));
    texts sorted = flat(r), all = flat(a);
    std::sort(sorted.begin(), sorted.end());
    std::sort(all.begin(), all.end());
    CHECK(sorted == all);
  }
  auto const cube = tf::placeholder<"cube", std::string>(tf::shape<2, 3, 2>);
  auto const c = tensor<3>({2, 3, 2});
  CHECK(sess.run(tf::transpose(cube, tf::axes<1, 0, 2>), cube = c)(2, 1, 0) == c(1, 2, 0));
}
TEST_CASE("texts: equal, not_equal, where and broadcast_to work on them") {
  tf::Session sess;
  auto const a = tensor<2>({3, 2});
  auto const is_row = tf::equal(p, row);
  auto const [e, ne, w] =
      sess.run(tf::fetch(is_row, tf::not_equal(p, row), tf::where(is_row, row, p)), p = a, row = {text(0), text(3)});
  CHECK((e(0, 0) && !e(0, 1) && e(1, 1) && !e(2, 0)));
  CHECK((!ne(0, 0) && ne(0, 1) && !ne(1, 1)));
  CHECK((w(1, 1) == text(3) && w(2, 0) == text(4)));
  CHECK(flat(sess.run(tf::broadcast_to(row, tf::shape<2, 2>), row = {"x", "y"})) == texts{"x", "y", "x", "y"});
  auto const both = tf::logical_and(is_row, tf::equal(p, tf::constant({"x", "y"})));
  CHECK(!sess.run(tf::reduce_any(both), p = a, row = {"x", "y"}));
  CHECK(sess.run(tf::reduce_sum(tf::cast<int>(tf::equal(p, p))), p = a) == 6);
}
TEST_CASE("texts: a plain text stands on either side of equal and not_equal") {
  auto const is = [](auto const& x, std::string const& what) { return tf::equal(x, what); };
  std::string const second = text(1);
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(tf::fetch(tf::equal(row, "x"), tf::equal<"left">(second, row),
                                               tf::not_equal(row, second), tf::not_equal("x", row)),
                                     row = {"x", second});
  CHECK((a(0) && !a(1) && !b(0) && b(1)));
  CHECK((c(0) && !c(1) && !d(0) && d(1)));
  // Two places are two texts, and so are two tensors beside one place.
  auto const any = tf::logical_or(tf::equal(row, "x"), tf::equal(row, std::string_view("y")));
  CHECK(sess.run(tf::reduce_all(any), row = {"x", "y"}));
  CHECK(sess.run(tf::reduce_all(tf::logical_and(is(row, "x"), is(tf::identity(row), "x"))), row = {"x", "x"}));
  CHECK(!sess.run(tf::reduce_any(tf::logical_and(is(row, "x"), is(tf::identity(row), "y"))), row = {"x", "y"}));
  CHECK_THROWS_AS(sess.run(tf::logical_and(is(row, "x"), is(row, "y")), row = {"x", "y"}),
                  tf::errors::InvalidArgumentError);
}
TEST_CASE("texts: zeros are empty, fill repeats one") {
  tf::Session sess;
  CHECK(flat(sess.run(tf::zeros<std::string>(tf::shape<3>))) == texts(3));
  CHECK(sess.run(tf::zeros_like(p), p = tensor<2>({4, 2}))(3, 1).empty());
  CHECK(sess.run(tf::zeros<std::string>(tf::shape<>)).empty());
  CHECK(flat(sess.run(tf::fill(tf::shape<2>, text(1)))) == texts{text(1), text(1)});
  CHECK(flat(sess.run(tf::fill(tf::shape<2>, "x"))) == texts{"x", "x"});
  auto const blank = tf::where(tf::equal(p, row), tf::zeros<std::string>(tf::shape<>), p);
  CHECK(sess.run(blank, p = tensor<2>({2, 2}), row = {text(0), text(1)})(0, 1).empty());
}
TEST_CASE("texts: a variable keeps them, and is read, assigned and initialised like any other") {
  auto const v = tf::variable<"v">(tf::constant({{"one", "two"}, {"three, which is longer than the others", "four"}}));
  auto const empty = tf::variable<"empty">(tf::zeros<std::string>(tf::shape<2, 2>));
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(v), tf::errors::FailedPreconditionError);
  sess.run(tf::global_variables_initializer(v, empty));
  CHECK(sess.run(v)(1, 0) == "three, which is longer than the others");
  auto const [before, after] = sess.run(tf::fetch(v, v.assign(tf::transpose(v))));
  CHECK((before(0, 1) == "two" && after(1, 0) == "two"));
  sess.run(tf::group(v.assign(empty), empty.assign(v)));  // they trade
  CHECK((sess.run(v)(1, 0).empty() && sess.run(empty)(1, 0) == "two"));
  CHECK(sess.run(tf::with_dependencies(v.assign(empty), tf::identity(v)))(0, 0) == "one");
  sess.run(v.assign(p), p = tensor<2>({2, 2}));
  CHECK(sess.run(v)(1, 1) == text(3));
  auto const word = tf::variable<"word">(tf::constant(std::string("scalar")));
  auto const by_default = tf::get_variable<"by_default", std::string>(tf::shape<2>);
  sess.run(tf::global_variables_initializer(word, by_default));
  CHECK((sess.run(word) == "scalar" && flat(sess.run(by_default)) == texts(2)));
}
TEST_CASE("texts: what computes with numbers refuses them") {
  auto const accepts = [](auto f) { return std::is_invocable_v<decltype(f), decltype(p)>; };
  static_assert(accepts([](auto x) -> std::void_t<char[sizeof(tf::equal(x, x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(x + x)]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(x + 1)]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::equal(x, 1))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::equal(tf::equal(x, x), "x"))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::exp(x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(x < x)]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::reduce_sum(x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::reduce_max(x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::argmax(x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::cast<float>(x))]> {}));
  static_assert(!accepts([](auto x) -> std::void_t<char[sizeof(tf::matmul(x, x))]> {}));
}
