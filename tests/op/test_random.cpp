// SPDX-License-Identifier: Apache-2.0
// covers: random_op random_uniform random_normal truncated_normal random_shuffle fill zeros_like
// covers: ones_like range linspace
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
// A helper that makes variables of one kind: each has its own stream, though the place in the source is one.
template <tf::name Name>
auto layer() {
  return tf::get_variable<Name / "kernel">(tf::shape<4, 5>, tf::truncated_normal_initializer(0.0, 0.1));
}
// Helpers that draw: each name has a stream of its own.
template <tf::name Name>
auto noise() {
  return tf::random_normal<Name>(tf::shape<20>, 1.0f, 2.0f);
}
template <tf::name Name>
auto fine_noise() {
  return tf::random_uniform<double, Name>(tf::shape<20>);
}
double mean(std::vector<double> const& v) {
  double sum = 0;
  for (double x : v) sum += x;
  return sum / double(v.size());
}
double deviation(std::vector<double> const& v) {
  double sum = 0, m = mean(v);
  for (double x : v) sum += (x - m) * (x - m);
  return std::sqrt(sum / double(v.size()));
}
}  // namespace

TEST_CASE("random_uniform, random_normal: a seed gives TensorFlow's numbers") {
  auto const one = tf::random_uniform(tf::shape<1>, tf::seed(1));
  auto const many = tf::random_uniform(tf::shape<8>, tf::seed(1));
  auto const normal = tf::random_normal(tf::shape<6>, tf::seed(1));
  tf::Session sess;
  auto const [u, v] = sess.run(tf::fetch(many, normal));
  CHECK(same(u, {.2390374, .92039955, .05051243, .49574447, .8355223, .02647042, .08811307, .4566604}));
  CHECK(same(v, {-.8113182, 1.4845988, .06532937, -2.4427042, .0992484, .5912243}));
  CHECK(same(sess.run(one), {.2390374}));
  CHECK(same(sess.run(one), {.22267115}));  // the stream goes on from run to run …
  tf::Session again;                        // … and starts again in a new session
  CHECK(same(again.run(one), {.2390374}));
}

TEST_CASE("random ops: places in the source are streams of their own") {
  auto const a = tf::random_uniform(tf::shape<20>);
  auto const b = tf::random_uniform(tf::shape<20>);
  tf::Session sess;
  auto const [x, y, twice, difference] = sess.run(tf::fetch(a, b, a + a, a - a));
  CHECK(flat(x) != flat(y));
  CHECK(same(twice - 2.0f * x, std::vector<double>(20, 0.0)));  // one op runs once in a run
  CHECK(same(difference, std::vector<double>(20, 0.0)));
}

TEST_CASE("random ops: names tell the calls of a helper apart") {
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(tf::fetch(noise<"a">(), noise<"b">(), fine_noise<"c">(), fine_noise<"d">()));
  CHECK(flat(a) != flat(b));
  CHECK(flat(c) != flat(d));
}

TEST_CASE("random ops: each call begins the stream of its seed, and goes on with it") {
  auto const draw = [](int seed) { return tf::random_uniform(tf::shape<1>, tf::seed(seed)); };
  auto const kept = draw(1);
  tf::Session sess;
  CHECK(same(sess.run(kept), {.2390374}));
  CHECK(flat(sess.run(draw(42))) == flat(tf::Session().run(draw(42))));
  CHECK(same(sess.run(draw(1)), {.2390374}));
  CHECK(same(sess.run(kept), {.22267115}));
  CHECK(same(sess.run(draw(1) - draw(1)), {0}));  // in TensorFlow too both draw the same
  CHECK_THROWS_AS(sess.run(draw(1) - draw(2)), tf::errors::InvalidArgumentError);
  auto const named = [](int seed) { return tf::random_uniform<"u">(tf::shape<1>, tf::seed(seed)); };
  CHECK(same(sess.run(named(1)), {.2390374}));
  CHECK(flat(sess.run(named(42))) == flat(tf::Session().run(draw(42))));
}

namespace {
template <int I>
auto seeded() {
  return tf::random_uniform(tf::shape<1>, tf::seed<I>);
}
template <int I>
auto unseeded() {
  return tf::random_normal(tf::shape<40>);
}
}  // namespace

TEST_CASE("random ops: a seed that is a part of the type tells a template's calls apart") {
  tf::Session sess;
  auto const [a, b, c] =
      sess.run(tf::fetch(seeded<1>(), seeded<42>(), tf::random_normal(tf::shape<6>, 0.0f, 1.0f, tf::seed<1>)));
  CHECK(same(a, {.2390374}));
  CHECK(flat(b) == flat(tf::Session().run(tf::random_uniform(tf::shape<1>, tf::seed(42)))));
  CHECK(same(c, {-.8113182, 1.4845988, .06532937, -2.4427042, .0992484, .5912243}));
}
TEST_CASE("random ops: a session's seed gives the same numbers with every compiler") {
  tf::Session sess;
  sess.set_random_seed(3);
  auto const normal = tf::random_normal(tf::shape<2>);
  auto const uniform = tf::random_uniform(tf::shape<2>);
  CHECK(same(sess.run(uniform), {.666042, .293048}));
  CHECK(same(sess.run(normal), {-.466431, -.431620}));
}
TEST_CASE("random ops: two calls of one place are never one draw") {
  tf::Session sess;
  for (bool alike : {true, false}) {
    try {
      auto const difference =
          alike ? flat(sess.run(unseeded<1>() - unseeded<1>())) : flat(sess.run(unseeded<1>() - unseeded<2>()));
      CHECK(difference != std::vector<double>(40, 0.0));
    } catch (tf::errors::InvalidArgumentError const& e) {
      CHECK(std::string(e.what()).find("name") != std::string::npos);
    }
  }
  CHECK(flat(sess.run(unseeded<1>())) != flat(sess.run(unseeded<1>())));
  auto const once = unseeded<1>();
  CHECK(same(sess.run(once - once), std::vector<double>(40, 0.0)));
}
TEST_CASE("random_shuffle: of what no name tells it is one draw, wherever it is used") {
  auto const rows = tf::constant(xt::xtensor<float, 2>(xt::arange(80.0f).reshape({2, 40})));
  auto const first = tf::random_shuffle(rows[0]);
  auto const named = [&]<tf::name Name>(int i) { return tf::random_shuffle<Name>(rows[i]); };
  auto const of = [&](int i) { return tf::random_shuffle(rows[i], tf::seed(7)); };
  auto const kept = tf::variable<"kept">(tf::random_shuffle(rows[1]));
  std::vector<double> const zeros(40, 0.0);
  tf::Session sess;
  CHECK(same(sess.run(first - first), zeros));
  auto const [a, b, sum] = sess.run(tf::fetch(first, first, tf::reduce_sum(first)));
  CHECK(flat(a) == flat(b));
  CHECK(sum == 780);
  auto const [c, d] = sess.run(tf::fetch(named.operator()<"c">(0), named.operator()<"d">(1)));
  CHECK(flat(xt::eval(c + 40.0f)) != flat(d));
  CHECK(xt::sum(d)() == 2380);
  CHECK(same(sess.run(of(1) - of(1)), zeros));
  CHECK_THROWS_AS(sess.run(of(1) - of(0)), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::fetch(named.operator()<"c">(0), named.operator()<"c">(1))),
                  tf::errors::InvalidArgumentError);
  sess.run(kept.initializer());
  CHECK(sess.run(tf::reduce_sum(kept)) == 2380);
  CHECK(same(sess.run(kept - kept), zeros));
}
TEST_CASE("random ops: without a seed they differ from session to session, of one seed they are alike") {
  auto const u = tf::random_uniform(tf::shape<30>);
  auto const s = tf::random_uniform(tf::shape<3>, tf::seed(5));
  auto const all = tf::fetch(u, tf::random_shuffle(tf::range<30>()), s);
  tf::Session one, two, three, four;
  CHECK(flat(std::get<0>(one.run(all))) != flat(std::get<0>(two.run(all))));
  CHECK(flat(std::get<2>(one.run(all))) == flat(std::get<2>(two.run(all))));  // each in its second run
  three.set_random_seed(9);
  four.set_random_seed(9);
  auto const [a, b, c] = three.run(all);
  auto const [d, e, f] = four.run(all);
  CHECK(flat(a) == flat(d));
  CHECK(flat(b) == flat(e));
  CHECK(flat(c) == flat(f));
  CHECK(flat(std::get<0>(three.run(all))) != flat(a));
  {
    auto const guard = three.as_default();
    tf::set_random_seed(9);  // every stream begins anew
  }
  CHECK(flat(std::get<0>(three.run(all))) == flat(a));
  four.set_random_seed(10);
  CHECK(flat(std::get<0>(four.run(all))) != flat(d));
}
TEST_CASE("random ops: as many numbers as the batch has rows") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, 3>);
  auto const noisy = x + tf::random_uniform<double>(tf::shape<batch, 3>, 1.0, 2.0);
  tf::Session sess;
  for (std::size_t rows : {4u, 1u, 0u, 7u}) {
    auto const value = sess.run(noisy, x = tensor<double, 2>({rows, 3}, std::vector<double>(3 * rows, 0.0)));
    REQUIRE(value.size() == 3 * rows);
    for (double one : value) CHECK((one >= 1 && one < 2));
  }
}
TEST_CASE("random ops: calls that nothing holds any more leave nothing behind") {
  tf::Session sess;
  for (int i = 0; i < 1000; ++i) sess.run(tf::random_uniform(tf::shape<1>));
  CHECK(flat(sess.run(tf::random_uniform(tf::shape<2>, tf::seed(1))))[0] == doctest::Approx(.2390374));
}

TEST_CASE("random ops: bounds, means, deviations, dtypes") {
  auto const u = tf::random_uniform(tf::shape<5000>, -1, 3);
  auto const w = tf::random_normal<double>(tf::shape<5000>, 3.0, 2.0, tf::seed(7));
  auto const t = tf::truncated_normal(tf::shape<5000>, 3.0f, 2.0f);
  auto const i = tf::random_uniform<int>(tf::shape<5000>, -2, 3);
  static_assert(std::is_same_v<decltype(u)::value_type, float> && std::is_same_v<decltype(w)::value_type, double> &&
                std::is_same_v<decltype(i)::value_type, int>);
  tf::Session sess;
  auto const [us, ws, ts, is] = sess.run(tf::fetch(u, w, t, i));
  auto const within = [](auto const& values, double low, double high) {
    return std::all_of(values.begin(), values.end(), [&](auto x) { return x >= low && x < high; });
  };
  CHECK(within(us, -1, 3));
  CHECK(within(ts, -1, 7));
  CHECK(within(is, -2, 3));
  CHECK(near(mean(flat(us)), 1, .05));
  CHECK(near(mean(flat(ws)), 3, .05));
  CHECK(near(deviation(flat(ws)), 2, .05));
  CHECK(near(deviation(flat(ts)), 2 * .87962566, .05));
  CHECK(near(mean(flat(is)), 0, .1));
}

TEST_CASE("random_uniform: whole bounds far apart, and unsigned ones, do not wrap") {
  auto const within = [](auto const& values, double low, double high) {
    double least = high, most = low;
    for (auto x : values) {
      CHECK((double(x) >= low && double(x) < high));
      least = std::min(least, double(x));
      most = std::max(most, double(x));
    }
    CHECK(most - least > 0.9 * (high - low));
  };
  tf::Session sess;
  auto const [f, d, i, l, down, tiny] = sess.run(tf::fetch(
      tf::random_uniform(tf::shape<999>, -2000000000, 2000000000),
      tf::random_uniform<double>(tf::shape<999>, std::numeric_limits<std::int64_t>::min(),
                                 std::numeric_limits<std::int64_t>::max()),
      tf::random_uniform<int>(tf::shape<999>, -2000000000, 2000000000),
      tf::random_uniform<std::int64_t>(tf::shape<999>, -9000000000000000000, 9000000000000000000),
      tf::random_uniform(tf::shape<999>, 5u, 1u), tf::random_uniform(tf::shape<999>, std::int8_t(-100), 100u)));
  within(f, -2e9, 2e9);
  within(d, -9223372036854775808.0, 9223372036854775808.0);
  within(i, -2e9, 2e9);
  within(l, -9e18, 9e18);
  within(-down, -5, -1 + 1e-6);  // from maxval to minval, as TensorFlow draws them
  within(tiny, -100, 100);
}

TEST_CASE("random_uniform: whole numbers of bounds that are no range, or do not fit, are refused") {
  auto const steps = tf::variable<"steps">(tf::constant(0));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(steps));
  auto const draw = [](int high) { return tf::random_uniform<int, "draw">(tf::shape<1>, 3, high, tf::seed(1)); };
  CHECK_THROWS_WITH_AS(sess.run(tf::fetch(tf::assign_add(steps, 1), draw(3))), "Need minval < maxval, got 3 >= 3",
                       tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(tf::fetch(tf::assign_add(steps, 1), draw(-1))), "Need minval < maxval, got 3 >= -1",
                       tf::errors::InvalidArgumentError);
  CHECK(sess.run(steps) == 0);
  // What was refused drew nothing.
  CHECK(flat(sess.run(draw(1000000))) == flat(tf::Session().run(draw(1000000))));
  constexpr auto one = tf::shape<1>;
  CHECK_THROWS_AS((void)tf::random_uniform<int>(one, 0, 3000000000), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS((void)tf::random_uniform<int>(one, 0.5, 3), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS((void)tf::random_uniform<std::int64_t>(one, 0, ~std::uint64_t(0)), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS((void)tf::random_uniform<int>(one, 0, not_a_number), tf::errors::InvalidArgumentError);
  CHECK(same(sess.run(tf::random_uniform<int>(one, 7.0, 8u)), {7}));
}

TEST_CASE("random_shuffle: every row once, in another order each run") {
  auto const shuffled = tf::random_shuffle(tf::range<100>());
  tf::Session sess;
  auto const first = flat(sess.run(shuffled));
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted != first);
  for (std::size_t i = 0; i < sorted.size(); ++i) CHECK(sorted[i] == double(i));
  CHECK(flat(sess.run(shuffled)) != first);
}

TEST_CASE("get_variable: a name is a variable, with a stream of its own") {
  auto const a = layer<"a">();
  auto const b = layer<"b">();
  static_assert(std::is_same_v<decltype(a), decltype(layer<"a">()) const>);
  tf::Session sess, other, third;
  sess.set_random_seed(7);
  other.set_random_seed(7);
  sess.run(tf::global_variables_initializer(a, b));
  auto const [x, y] = sess.run(tf::fetch(a, b));
  CHECK(flat(x) != flat(y));
  other.run(b.initializer());  // alone or together: of one seed a variable begins alike in every session
  CHECK(flat(other.run(b)) == flat(y));
  third.run(b.initializer());
  CHECK(flat(third.run(b)) != flat(y));
}

TEST_CASE("initializers: numbers that the dtype does not hold are refused, whole ones are drawn") {
  using tf::errors::InvalidArgumentError;
  auto const constant = [](auto dtype, double value) {
    return tf::get_variable<"c", decltype(dtype)>(tf::shape<2>, tf::constant_initializer(value));
  };
  CHECK_THROWS_WITH_AS(constant(std::uint8_t{}, 300),
                       "The number 300 does not fit dtype uint8\nhelp: tf::cast, or a number of that dtype",
                       InvalidArgumentError);
  CHECK_THROWS_AS(constant(std::int32_t{}, 0.5), InvalidArgumentError);
  CHECK_THROWS_AS(constant(bool{}, 2), InvalidArgumentError);
  auto const integers = [](double low, double high) {
    return tf::get_variable<"i", std::int32_t>(tf::shape<40>, tf::random_uniform_initializer(low, high));
  };
  CHECK_THROWS_WITH_AS(integers(0, 1e10),
                       "The number 1e+10 does not fit dtype int32\nhelp: tf::cast, or a number of that dtype",
                       InvalidArgumentError);
  CHECK_THROWS_AS(integers(-0.5, 10), InvalidArgumentError);
  auto const c = constant(std::uint8_t{}, 255);
  auto const i = integers(-3, 4);
  auto const seeded = [](auto name) {
    return tf::get_variable<decltype(name)::value, std::int64_t>(
        tf::shape<40>, tf::random_uniform_initializer(0, 1000000, tf::seed(7)));
  };
  auto const a = seeded(std::integral_constant<tf::name<2>, tf::name("a")>{});
  auto const b = seeded(std::integral_constant<tf::name<2>, tf::name("b")>{});
  tf::Session sess;
  sess.run(tf::global_variables_initializer(c, i, a, b));
  CHECK(same(sess.run(c), {255, 255}));
  auto const drawn = flat(sess.run(i));
  CHECK(*std::min_element(drawn.begin(), drawn.end()) == -3);
  CHECK(*std::max_element(drawn.begin(), drawn.end()) == 3);
  CHECK(flat(sess.run(a)) == flat(sess.run(b)));
}
TEST_CASE("initializers: scales follow the fans") {
  auto const g = tf::get_variable<"g">(tf::shape<200, 100>);
  auto const h = tf::get_variable<"h", double>(tf::shape<5, 5, 8, 64>, tf::he_normal_initializer());
  auto const s =
      tf::get_variable<"s">(tf::shape<100, 200>, tf::variance_scaling_initializer<tf::fan::out>(3.0, tf::seed(3)));
  auto const c = tf::get_variable<"c">(tf::shape<2>, tf::constant_initializer(0.25));
  auto const d = tf::get_variable<"d">(tf::shape<2>, tf::constant_initializer(0.5));
  auto const i = tf::get_variable<"i", int>(tf::shape<2>);
  auto const l = tf::get_variable<"l">(tf::shape<2, 2>, [](auto shape) { return 3.0f * tf::ones(shape); });
  tf::Session sess;
  sess.run(tf::global_variables_initializer(g, h, s, c, d, i, l));
  auto const [gs, hs, ss, cs, ds, is, ls] = sess.run(tf::fetch(g, h, s, c, d, i, l));
  CHECK(near(deviation(flat(gs)), std::sqrt(2.0 / 300), 2e-3));
  CHECK(near(*std::max_element(gs.begin(), gs.end()), std::sqrt(6.0 / 300), 1e-3));
  CHECK(near(deviation(flat(hs)), std::sqrt(2.0 / 200), 2e-3));
  CHECK(near(deviation(flat(ss)), std::sqrt(3.0 / 200), 2e-3));
  CHECK(same(cs, {.25, .25}));
  CHECK(same(ds, {.5, .5}));
  CHECK(same(is, {0, 0}));
  CHECK(same(ls, {3, 3, 3, 3}));
}

TEST_CASE("fill, zeros_like, ones_like, range, linspace: constants") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn, 2>);
  tf::Session sess;
  auto const [a, b, c, d, e, f, g] =
      sess.run(tf::fetch(tf::fill(tf::shape<2>, 9) * tf::fill(tf::shape<2>, 3), tf::fill<double>(tf::shape<1, 2>, 0.5f),
                         tf::zeros_like(x), tf::ones_like(x) + x, tf::range<2, 10, 3>(), tf::range<float, 3, 0, -1>(),
                         tf::linspace(0.0f, 1.0f, tf::length<5>)),
               x = {{1.0, 2.0}});
  CHECK(same(a, {27, 27}));
  CHECK(same(b, {.5, .5}));
  CHECK(same(c, {0, 0}));
  CHECK(same(d, {2, 3}));
  CHECK(same(e, {2, 5, 8}));
  CHECK(same(f, {3, 2, 1}));
  CHECK(same(g, {0, .25, .5, .75, 1}));
}
