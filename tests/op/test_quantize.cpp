// SPDX-License-Identifier: Apache-2.0
// covers: quantize dequantize quantized_matmul
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::infinity;
using op_test::not_a_number;
using op_test::spread;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto m = tf::dim<"m">;

/// The whole numbers of quantized ones.
template <class V>
std::vector<int> whole(V const& value) {
  std::vector<int> out;
  for (auto const& q : value) out.push_back(q.value);
  return out;
}
using ints = std::vector<int>;
std::vector<float> floats(std::size_t count, double low, double high, unsigned seed = 1) {
  std::vector<float> out;
  for (double const x : spread(count, low, high, seed)) out.push_back(static_cast<float>(x));
  return out;
}
template <class F>
std::string refused(F const& f) {
  try {
    f();
  } catch (tf::errors::InvalidArgumentError const& e) {
    return e.what();
  }
  return "";
}

/// The formulas of TensorFlow's documentation, in double.
template <class T>
struct reference {
  static constexpr double lowest = std::numeric_limits<typename T::held_type>::min();
  static constexpr double highest = std::numeric_limits<typename T::held_type>::max();
  static constexpr double steps = highest - lowest;
  double low, high;

  double clamp(double x, double from, double to) const { return !(x > from) ? from : x < to ? x : to; }
  double combined(double x) const {
    return clamp(std::round((clamp(x, low, high) - low) * steps / (high - low) + lowest), lowest, highest);
  }
  double first(double x) const {
    double const s = steps / (high - low);
    return clamp(std::round(x * s) - (std::round(low * s) - lowest), lowest, highest);
  }
  double scale() const {
    double const below = lowest * low > 0 ? lowest / low : infinity, above = high > 0 ? highest / high : infinity;
    return std::min(below, above);
  }
  double scaled(double x, bool even) const {
    double const y = clamp(x * scale(), lowest, highest);
    return even ? std::nearbyint(y) : std::round(y);
  }
};

/// Each mode against the formulas; one step apart where a float's rounding decides.
template <class T, class Shape>
void check_modes(Shape shape, std::size_t count, float low, float high) {
  CAPTURE(count);
  auto const x = tf::placeholder<"x", float>(shape);
  auto const [a, a0, a1] = tf::quantize<T>(x, low, high);
  auto const [b, b0, b1] = tf::quantize<T>(x, low, high, tf::mode::MIN_FIRST);
  auto const [c, c0, c1] = tf::quantize<T>(x, low, high, tf::mode::SCALED);
  auto const [d, d0, d1] = tf::quantize<T>(x, low, high, tf::mode::SCALED, tf::round_mode::HALF_TO_EVEN);
  auto given = floats(count, 1.2 * double(low), 1.2 * double(high));
  if (count > 3) given[0] = -HUGE_VALF, given[1] = HUGE_VALF, given[2] = std::nanf("");
  tf::Session sess;
  auto const [qa, qb, qc, qd, l, h, sl, sh] = sess.run(tf::fetch(a, b, c, d, b0, b1, c0, c1), x = given);
  reference<T> const to{double(l), double(h)};
  CHECK(l == std::min(0.0f, low));
  CHECK(h == high);
  CHECK(op_test::near(sl, reference<T>::lowest / to.scale(), 1e-6));
  CHECK(op_test::near(sh, reference<T>::highest / to.scale(), 1e-6));
  // Floats have 24 bits.
  double const slack = sizeof(T) == 4 ? 2048 : 1;
  std::size_t exact = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double const v = double(given[i]), expected[] = {to.combined(v), std::isnan(v) ? to.lowest : to.first(v),
                                                     to.scaled(v, false), to.scaled(v, true)};
    double const got[] = {double(qa(i).value), double(qb(i).value), double(qc(i).value), double(qd(i).value)};
    for (std::size_t k = 0; k < 4; ++k) {
      CAPTURE(k);
      CAPTURE(v);
      CHECK(std::abs(got[k] - expected[k]) <= slack);
      exact += got[k] == expected[k];
    }
  }
  if (sizeof(T) == 1) CHECK(exact >= 4 * count - count / 100);
}
}  // namespace

TEST_CASE("quantize: every mode, dtype and size against TensorFlow's formulas") {
  for (std::size_t count : {0u, 1u, 15u, 16u, 17u, 1000u}) {
    check_modes<tf::quint8>(tf::shape<n>, count, -3.5f, 2.25f);
    check_modes<tf::qint8>(tf::shape<n>, count, -3.5f, 2.25f);
    check_modes<tf::qint32>(tf::shape<n>, count, -3.5f, 2.25f);
  }
  check_modes<tf::qint8>(tf::shape<77>, 77, 0.5f, 8);
  check_modes<tf::quint8>(tf::shape<77>, 77, 0.5f, 8);
}

// The values of core/kernels/quantize_op_test.cc.
TEST_CASE("quantize: TensorFlow's own tests") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const low = tf::placeholder<"low", float>(tf::shape<>);
  auto const high = tf::placeholder<"high", float>(tf::shape<>);
  auto const first = tf::quantize<tf::quint8>(x, low, high, tf::mode::MIN_FIRST);
  tf::Session sess;
  auto const run = [&](std::vector<float> const& values, float from, float to, ints const& expected, float l, float h) {
    auto const [q, q_low, q_high] = sess.run(tf::fetch(std::get<0>(first), std::get<1>(first), std::get<2>(first)),
                                             x = values, low = from, high = to);
    CHECK(whole(q) == expected);
    CHECK(op_test::near(q_low, l, 1e-6));
    CHECK(op_test::near(q_high, h, 1e-6));
  };
  run({1, 1.25f, 1.75f, 127, 255, 500}, 0, 255, {1, 1, 2, 127, 255, 255}, 0, 255);
  run({0, 0, 0}, 0, 0, {0, 0, 0}, 0, 0.01f);
  run({0.1f, 0.2f, 0.3f}, 0.1f, 0.3f, {85, 170, 255}, 0, 0.3f);
  run({-0.1f, -0.2f, -0.3f}, -0.3f, -0.1f, {170, 85, 0}, -0.3f, 0);
  auto const [q, q_low, q_high] = tf::quantize<tf::qint32>(x, -256, 256, tf::mode::MIN_FIRST);
  auto const wide = sess.run(q, x = {-500.0f, 0.0f, 1.0f, 1.25f, 1.75f, 127.0f, 255.0f, 500.0f});
  double const expected[] = {-256, 0, 1, 1.25, 1.75, 127, 255, 256};
  for (std::size_t i = 0; i < 8; ++i) CHECK(std::abs(wide(i).value - expected[i] * (1 << 23)) <= 256);
  auto const y = tf::placeholder<"y", float>(tf::shape<8>);
  auto const [even, e0, e1] =
      tf::quantize<tf::qint8>(y, -128.0f, 127.0f, tf::mode::SCALED, tf::round_mode::HALF_TO_EVEN);
  auto const [away, a0, a1] = tf::quantize<tf::qint8>(y, -128.0f, 127.0f, tf::mode::SCALED);
  auto const [to_even, to_far] =
      sess.run(tf::fetch(even, away), y = {-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 23.5f, -500.0f});
  CHECK(whole(to_even) == ints{-2, -2, 0, 0, 2, 2, 24, -128});
  CHECK(whole(to_far) == ints{-3, -2, -1, 1, 2, 3, 24, -128});
}

TEST_CASE("quantize: a run refuses a range that ends before it begins, and changes nothing") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const low = tf::placeholder<"low", float>(tf::shape<>);
  auto const [q, l, h] = tf::quantize<tf::qint8>(x, low, 1.0f);
  auto const kept = tf::variable<"kept">(tf::zeros<tf::qint8>(tf::shape<2>));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(kept));
  auto const keep = tf::assign(kept, q);
  CHECK(whole(sess.run(keep, x = {-1, 1}, low = -1.0f)) == ints{-128, 127});
  std::string const text = "input_max_range must be larger than input_min_range.";
  CHECK(refused([&] { sess.run(keep, x = {0, 0}, low = 1.5f); }).find(text) != std::string::npos);
  CHECK(refused([&] { sess.run(keep, x = {0, 0}, low = std::nanf("")); }).find(text) != std::string::npos);
  CHECK(whole(sess.run(kept)) == ints{-128, 127});
  // The range alone costs no quantizing, and is refused as well.
  CHECK(sess.run(l, x = {0, 0}, low = -2.0f) == -2.0f);
  CHECK_THROWS_AS(sess.run(l, x = {0, 0}, low = 2.0f), tf::errors::InvalidArgumentError);
  // Of an infinite range there are no sensible numbers, and no undefined ones.
  CHECK(sess.run(q, x = {0, 1}, low = -HUGE_VALF).size() == 2);
}

// MIN_COMBINED by its formula; SCALED by the values of core/kernels/dequantize_op_test.cc.
TEST_CASE("dequantize: every mode") {
  auto const u = tf::placeholder<"u", tf::quint8>(tf::shape<n>);
  auto const s = tf::placeholder<"s", tf::qint8>(tf::shape<n>);
  auto const w = tf::placeholder<"w", tf::qint32>(tf::shape<n>);
  auto const low = tf::placeholder<"low", float>(tf::shape<>);
  auto const high = tf::placeholder<"high", float>(tf::shape<>);
  std::vector<int> natural, whole_numbers;
  std::vector<double> combined_u, combined_s, first_u, first_s;
  float const from = -1.5f, to = 20.5f;
  double const step = (double(to) - double(from)) / 255, zero = std::round(double(from) / step) * step;
  for (int i = 0; i < 256; ++i) {
    natural.push_back(i);
    whole_numbers.push_back(i - 128);
    combined_u.push_back(i * step + double(from));
    first_u.push_back(i * step + zero);
  }
  tf::Session sess;
  auto const [cu, cs, fu, fs] = sess.run(
      tf::fetch(tf::dequantize(u, low, high), tf::dequantize(s, low, high, tf::mode::MIN_COMBINED),
                tf::dequantize(u, low, high, tf::mode::MIN_FIRST), tf::dequantize(s, low, high, tf::mode::MIN_FIRST)),
      u = natural, s = whole_numbers, low = from, high = to);
  CHECK(op_test::same(cu, combined_u, 2e-6));
  CHECK(op_test::same(cs, combined_u, 2e-6));
  CHECK(op_test::same(fu, first_u, 2e-6));
  CHECK(op_test::same(fs, first_u, 2e-6));
  auto const scaled = [&](auto const& q, int value, float a, float b) {
    return sess.run(tf::dequantize(q, low, high, tf::mode::SCALED), q = {value}, low = a, high = b)(0);
  };
  CHECK(scaled(u, 0, -255, 127) == 0);
  CHECK(op_test::near(scaled(u, 255, -512, 255), 255, 1e-6));
  CHECK(op_test::near(scaled(u, 255, 200, 400), 400, 1e-6));
  CHECK(op_test::near(scaled(s, -127, -10, 127), -127, 1e-6));
  CHECK(op_test::near(scaled(s, -128, -2, 1), -2, 1e-6));
  CHECK(op_test::near(scaled(s, 42, -1, 300), 99.212601, 1e-6));
  auto const most = std::numeric_limits<int>::max(), least = std::numeric_limits<int>::min();
  auto const [wide, wide_first, wide_scaled] =
      sess.run(tf::fetch(tf::dequantize(w, -2.0f, 2.0f), tf::dequantize(w, -2.0f, 2.0f, tf::mode::MIN_FIRST),
                         tf::dequantize(w, -2.0f, 2.0f, tf::mode::SCALED)),
               w = {least, 0, 1 << 30, most});
  CHECK(op_test::same(wide, {-2, 0, 1, 2}, 1e-6));
  CHECK(op_test::same(wide_first, {-2, 0, 1, 2}, 1e-6));
  CHECK(op_test::same(wide_scaled, {-2, 0, 1, 2}, 1e-6));
  // An empty range is one number.
  CHECK(op_test::same(sess.run(tf::dequantize(u, 3, 3, tf::mode::MIN_FIRST), u = {0, 7}), {3, 3}));
}

TEST_CASE("quantize and dequantize: what comes back is less than a step away") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 5>);
  auto const there_and_back = [&]<class T>(T, auto mode) {
    auto const [q, low, high] = tf::quantize<T>(x, tf::reduce_min(x), tf::reduce_max(x), mode);
    return tf::dequantize(q, low, high, mode) - x;
  };
  auto const values = floats(35, -2, 3);
  tf::Session sess;
  auto const check = [&](auto const& error, float step) {
    for (float const e : sess.run(error, x = tf::view(values.data(), {7, 5}))) CHECK(std::abs(e) <= 0.51f * step);
  };
  check(there_and_back(tf::quint8(), tf::mode::MIN_COMBINED), 5.0f / 255);
  check(there_and_back(tf::quint8(), tf::mode::MIN_FIRST), 5.0f / 255);
  check(there_and_back(tf::qint8(), tf::mode::MIN_FIRST), 5.0f / 255);
  check(there_and_back(tf::qint8(), tf::mode::SCALED), 3.0f / 127);
  check(there_and_back(tf::qint32(), tf::mode::SCALED), 1e-5f);
}

// The values of core/kernels/quantized_matmul_op_test.cc.
TEST_CASE("quantized_matmul: TensorFlow's own tests") {
  auto const a = tf::placeholder<"a", tf::quint8>(tf::shape<m, 3>);
  auto const b = tf::placeholder<"b", tf::quint8>(tf::shape<3, n>);
  auto const [c, low, high] = tf::quantized_matmul(a, b, 0.0f, 255.0f, 0.0f, 255.0f);
  tf::Session sess;
  auto const [product, from, to] = sess.run(tf::fetch(c, low, high), a = {{1, 2, 3}, {4, 5, 6}},
                                            b = {{7, 8, 9, 10}, {11, 12, 13, 14}, {15, 16, 17, 18}});
  CHECK(whole(product) == ints{74, 80, 86, 92, 173, 188, 203, 218});
  CHECK(from == -2147483648.0f);
  CHECK(to == 2147483648.0f);
  auto const p = tf::placeholder<"p", tf::quint8>(tf::shape<3, 4>);
  auto const [d, d0, d1] = tf::quantized_matmul(p, b, -12.0f, 243.0f, 0.0f, 255.0f, tf::transpose_a);
  CHECK(whole(sess.run(d, p = {{11, 10, 9, 8}, {7, 6, 5, 4}, {3, 2, 1, 0}}, b = {{1, 4}, {2, 5}, {3, 6}})) ==
        ints{-38, -83, -44, -98, -50, -113, -56, -128});
  auto const u = tf::placeholder<"u", tf::quint8>(tf::shape<1, 1>);
  auto const v = tf::placeholder<"v", tf::quint8>(tf::shape<1, 1>);
  auto const [e, e0, e1] = tf::quantized_matmul(u, v, -12.0f, 243.0f, 1.0f, 256.0f, tf::transpose_a);
  CHECK(sess.run(e, u = {{11}}, v = {{0}})(0, 0) == tf::qint32(-1));
}

TEST_CASE("quantized_matmul: stands for the product of floats, in each pair of dtypes and order") {
  auto const x = tf::placeholder<"x", float>(tf::shape<m, 300>);
  auto const y = tf::placeholder<"y", float>(tf::shape<300, n>);
  auto const given_x = floats(7 * 300, -1, 2), given_y = floats(300 * 35, -0.5, 0.5, 9);
  tf::Session sess;
  auto const expected =
      sess.run(tf::matmul(x, y), x = tf::view(given_x.data(), {7, 300}), y = tf::view(given_y.data(), {300, 35}));
  auto const check = [&]<class A, class B>(A, B) {
    auto const [a, a0, a1] = tf::quantize<A>(x, -1.0f, 2.0f, tf::mode::MIN_FIRST);
    auto const [b, b0, b1] = tf::quantize<B>(y, -0.5f, 0.5f, tf::mode::MIN_FIRST);
    auto const back = [](auto const& several) {
      auto const [c, low, high] = several;
      return tf::dequantize(c, low, high, tf::mode::MIN_FIRST);
    };
    auto const ta = tf::transpose(a);
    auto const tb = tf::transpose(b);
    auto const [c, d, e, f] =
        sess.run(tf::fetch(back(tf::quantized_matmul(a, b, a0, a1, b0, b1)),
                           back(tf::quantized_matmul(ta, b, a0, a1, b0, b1, tf::transpose_a)),
                           back(tf::quantized_matmul(a, tb, a0, a1, b0, b1, tf::transpose_b)),
                           back(tf::quantized_matmul(ta, tb, a0, a1, b0, b1, tf::transpose_a, tf::transpose_b))),
                 x = tf::view(given_x.data(), {7, 300}), y = tf::view(given_y.data(), {300, 35}));
    CHECK(c == d);
    CHECK(c == e);
    CHECK(c == f);
    // 300 products, each half a step off in both.
    for (std::size_t i = 0; i < c.size(); ++i) CHECK(std::abs(c.data()[i] - expected.data()[i]) < 0.25f);
  };
  check(tf::quint8(), tf::quint8());
  check(tf::quint8(), tf::qint8());
  check(tf::qint8(), tf::quint8());
  check(tf::qint8(), tf::qint8());
}

TEST_CASE("quantized_matmul: what a run refuses, and what has no elements") {
  auto const a = tf::placeholder<"a", tf::quint8>(tf::shape<m, tf::dyn>);
  auto const b = tf::placeholder<"b", tf::qint8>(tf::shape<tf::dyn, 2>);
  auto const high_a = tf::placeholder<"high_a", float>(tf::shape<>);
  auto const high_b = tf::placeholder<"high_b", float>(tf::shape<>);
  auto const c = std::get<0>(tf::quantized_matmul(a, b, -1.0f, high_a, -1.0f, high_b));
  tf::Session sess;
  auto const run = [&](float ha, float hb) {
    return refused([&] { (void)sess.run(c, a = {{1}}, b = {{1, 2}}, high_a = ha, high_b = hb); });
  };
  CHECK(run(1, 1).empty());
  CHECK(run(-1, 1).find("max_a must be larger than min_a.") != std::string::npos);
  CHECK(run(1, -2).find("max_b must be larger than min_b.") != std::string::npos);
  CHECK(run(1, std::nanf("")).find("max_b must be larger than min_b.") != std::string::npos);
  CHECK(run(HUGE_VALF, 1).find("min_a and max_a must be finite") != std::string::npos);
  CHECK_THROWS_AS(
      sess.run(c, a = std::vector<ints>{{1, 2}}, b = std::vector<ints>{{1, 2}}, high_a = 1.0f, high_b = 1.0f),
      tf::errors::InvalidArgumentError);
  xt::xtensor<tf::quint8, 2> const no_depth(std::array<std::size_t, 2>{3, 0});
  xt::xtensor<tf::qint8, 2> const no_rows(std::array<std::size_t, 2>{0, 2});
  CHECK(whole(sess.run(c, a = no_depth, b = no_rows, high_a = 1.0f, high_b = 1.0f)) == ints{0, 0, 0, 0, 0, 0});
  xt::xtensor<tf::quint8, 2> const none(std::array<std::size_t, 2>{0, 4});
  xt::xtensor<tf::qint8, 2> const four = xt::xtensor<tf::qint8, 2>(std::array<std::size_t, 2>{4, 2}, tf::qint8(1));
  CHECK(sess.run(c, a = none, b = four, high_a = 1.0f, high_b = 1.0f).size() == 0);
}
