// SPDX-License-Identifier: Apache-2.0
#include <io/folder.hpp>
#include <sstream>
#include <support/op_test.hpp>
#include <tfx/data.hpp>
#include <xtensor/xio.hpp>

namespace tf = tfx;

namespace {
using tf::qint32;
using tf::qint8;
using tf::quint8;

static_assert(tf::dtype_of<qint8> == tf::dtype::qint8 && static_cast<int>(tf::dtype::qint8) == 11);
static_assert(tf::dtype_of<quint8> == tf::dtype::quint8 && static_cast<int>(tf::dtype::quint8) == 12);
static_assert(tf::dtype_of<qint32> == tf::dtype::qint32 && static_cast<int>(tf::dtype::qint32) == 13);
static_assert(sizeof(qint8) == 1 && sizeof(quint8) == 1 && sizeof(qint32) == 4);
static_assert(tf::bytes_of(tf::dtype::quint8) == 1 && tf::bytes_of(tf::dtype::qint32) == 4);
static_assert(tf::to_string(tf::dtype::quint8) == "quint8" && tf::to_string(tf::dtype::qint32) == "qint32");
static_assert(std::is_trivially_copyable_v<qint8> && std::is_trivially_default_constructible_v<qint8>);
static_assert(tf::element<qint8> && !tf::is_number(tf::dtype::qint8) && !tf::is_integer(tf::dtype::qint32));
// No integer by accident, nor one for the other.
static_assert(!std::is_convertible_v<int, qint8> && !std::is_convertible_v<qint8, int>);
static_assert(!std::is_convertible_v<std::int8_t, qint8> && !std::is_convertible_v<qint8, quint8>);
template <class X>
concept has_a_sum = requires(X x) { sizeof(x + x); };
static_assert(!has_a_sum<qint8> && !has_a_sum<decltype(tf::placeholder<"x", qint8>(tf::shape<2>))>);
static_assert(has_a_sum<decltype(tf::placeholder<"x", int>(tf::shape<2>))>);
// A tensor of them takes whole numbers, not floats; one of floats or of another dtype takes none of them.
template <class From, class To>
concept taken = tf::detail::feedable_as<std::vector<From>, To>;
static_assert(taken<qint8, qint8> && taken<int, qint8> && taken<std::int8_t, qint8> && taken<long, qint32>);
static_assert(!taken<float, qint8> && !taken<bool, qint8> && !taken<quint8, qint8> && !taken<qint8, int>);
static_assert(!taken<qint8, float> && !taken<std::string, qint8> && !taken<qint8, std::string>);

template <class Q>
xt::xtensor<Q, 1> list(std::vector<int> const& values) {
  xt::xtensor<Q, 1> out(std::array<std::size_t, 1>{values.size()});
  for (std::size_t i = 0; i < values.size(); ++i) out(i) = Q(static_cast<typename Q::held_type>(values[i]));
  return out;
}
template <class V>
std::vector<int> whole(V const& value) {
  std::vector<int> out;
  for (auto const& q : value) out.push_back(q.value);
  return out;
}
using ints = std::vector<int>;
}  // namespace

TEST_CASE("quantized dtypes: every way to feed them, and to fetch") {
  auto const q = tf::placeholder<"q", qint8>(tf::shape<tf::dyn>);
  auto const one = tf::placeholder<"one", quint8>(tf::shape<>);
  auto const square = tf::placeholder<"square", qint32>(tf::shape<2, 2>);
  tf::Session sess;
  CHECK(whole(sess.run(q, q = list<qint8>({-128, 127}))) == ints{-128, 127});
  CHECK(whole(sess.run(q, q = std::vector<qint8>{qint8(3), qint8(-4)})) == ints{3, -4});
  CHECK(whole(sess.run(q, q = std::vector<std::int8_t>{3, -4})) == ints{3, -4});
  CHECK(whole(sess.run(q, q = {qint8(5)})) == ints{5});
  CHECK(whole(sess.run(q, q = {1, 2, 3})) == ints{1, 2, 3});
  CHECK(whole(sess.run(q, q = {short{1}, 2L})) == ints{1, 2});
  CHECK(sess.run(q, q = std::vector<qint8>()).size() == 0);
  CHECK(sess.run(one, one = quint8(200)) == quint8(200));
  CHECK(sess.run(one, one = 200) == quint8(200));
  CHECK(whole(sess.run(square, square = {{1, 2}, {3, 4}})) == ints{1, 2, 3, 4});
  xt::xtensor<qint32, 2, xt::layout_type::column_major> columns(std::array<std::size_t, 2>{2, 2});
  columns(0, 0) = qint32(1), columns(0, 1) = qint32(2), columns(1, 0) = qint32(3), columns(1, 1) = qint32(4);
  CHECK(whole(sess.run(square, square = columns)) == ints{1, 2, 3, 4});
  std::vector<std::vector<qint32>> const rows{{qint32(1), qint32(2)}, {qint32(3), qint32(4)}};
  CHECK(whole(sess.run(square, square = rows)) == ints{1, 2, 3, 4});
  CHECK_THROWS_WITH_AS(sess.run(q, q = {1, 128}),
                       doctest::Contains("The value 128 for Tensor 'q:0' does not fit dtype qint8"),
                       tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(one, one = -1), tf::errors::InvalidArgumentError);
  std::vector<qint8> memory(2);
  auto const pair = tf::placeholder<"pair", qint8>(tf::shape<2>);
  sess.run(tf::into(pair, memory), pair = {7, -7});
  CHECK(memory == std::vector<qint8>{qint8(7), qint8(-7)});
  auto callable = sess.make_callable(pair, pair);
  CHECK(whole(callable(std::vector<qint8>{qint8(1), qint8(2)})) == ints{1, 2});
  std::ostringstream text;
  text << sess.run(pair, pair = {65, -7}) << ' ' << qint8(65) << ' ' << quint8(200);
  CHECK(text.str() == "{65, -7} 65 200");
}

TEST_CASE("quantized dtypes: constants, variables and fills") {
  auto const a = tf::constant<qint8>({-1, 2, 3});
  auto const b = tf::constant(std::vector<quint8>{quint8(200), quint8(0)});
  auto const c = tf::constant<"c">(qint32(-5));
  auto const d = tf::constant<quint8>(9);
  auto const z = tf::zeros<qint8>(tf::shape<2>);
  auto const f = tf::fill<qint32>(tf::shape<2>, -70000);
  auto const e = tf::constant({qint8(1), qint8(2)});
  tf::Session sess;
  auto const [va, vb, vc, vd, vz, vf, ve, zl] = sess.run(tf::fetch(a, b, c, d, z, f, e, tf::zeros_like(a)));
  CHECK(whole(va) == ints{-1, 2, 3});
  CHECK(whole(vb) == ints{200, 0});
  CHECK(vc == qint32(-5));
  CHECK(vd == quint8(9));
  CHECK(whole(vz) == ints{0, 0});
  CHECK(whole(vf) == ints{-70000, -70000});
  CHECK(whole(ve) == ints{1, 2});
  CHECK(whole(zl) == ints{0, 0, 0});
  CHECK_THROWS_AS(tf::constant<qint8>(128), tf::errors::InvalidArgumentError);
  auto const v = tf::variable<"v">(a);
  sess.run(tf::global_variables_initializer(v));
  CHECK(whole(sess.run(tf::assign(v, tf::constant<qint8>({7, 8, 9})))) == ints{7, 8, 9});
  CHECK(whole(sess.run(v)) == ints{7, 8, 9});
}

TEST_CASE("quantized dtypes: ops that move elements, compare them and cast them") {
  auto const q = tf::placeholder<"q", qint8>(tf::shape<2, 3>);
  auto const w = tf::placeholder<"w", qint32>(tf::shape<3>);
  tf::Session sess;
  auto const turned = tf::transpose(q);
  auto const flat = tf::reshape(q, tf::shape<6>);
  auto const twice = tf::concat(tf::axis<0>, q, q);
  auto const part = tf::slice(q, tf::index<0, 1>, tf::shape<2, 2>);
  auto const taken = tf::gather(q, tf::constant({1, 0, 1}));
  auto const chosen = tf::where(tf::constant<bool>({true, false, true}), w, tf::zeros_like(w));
  auto const repeated = tf::tile(w, tf::multiples<2>);
  auto const stacked = tf::stack(w, w);
  auto const same = tf::equal(w, tf::constant<qint32>({70000, 0, -1}));
  auto const held = tf::cast<std::int8_t>(q);
  auto const real = tf::cast<float>(w);
  auto const back = tf::cast<qint8>(tf::cast<int>(q));
  auto const natural = tf::cast<quint8>(tf::cast<std::uint8_t>(w));
  auto const values = sess.run(
      tf::fetch(turned, flat, twice, part, taken, chosen, repeated, stacked, same, held, real, back, natural, q[1]),
      q = {{-128, 2, 3}, {4, 5, 127}}, w = {70000, 1, -1});
  CHECK(whole(std::get<0>(values)) == ints{-128, 4, 2, 5, 3, 127});
  CHECK(whole(std::get<1>(values)) == ints{-128, 2, 3, 4, 5, 127});
  CHECK(whole(std::get<2>(values)) == ints{-128, 2, 3, 4, 5, 127, -128, 2, 3, 4, 5, 127});
  CHECK(whole(std::get<3>(values)) == ints{2, 3, 5, 127});
  CHECK(whole(std::get<4>(values)) == ints{4, 5, 127, -128, 2, 3, 4, 5, 127});
  CHECK(whole(std::get<5>(values)) == ints{70000, 0, -1});
  CHECK(whole(std::get<6>(values)) == ints{70000, 1, -1, 70000, 1, -1});
  CHECK(whole(std::get<7>(values)) == ints{70000, 1, -1, 70000, 1, -1});
  CHECK(std::get<8>(values) == xt::xtensor<bool, 1>{true, false, true});
  CHECK(op_test::same(std::get<9>(values), {-128, 2, 3, 4, 5, 127}));
  CHECK(op_test::same(std::get<10>(values), {70000, 1, -1}));
  CHECK(whole(std::get<11>(values)) == ints{-128, 2, 3, 4, 5, 127});
  CHECK(whole(std::get<12>(values)) == ints{70000 % 256, 1, 255});
  CHECK(whole(std::get<13>(values)) == ints{4, 5, 127});
}

TEST_CASE("quantized dtypes: .npy files hold the whole numbers, graphs tell TensorFlow's dtypes") {
  io_test::folder const dir;
  tf::data::save_npy(dir / "q.npy", list<qint8>({-128, 127}));
  CHECK(whole(tf::data::load_npy<qint8, 1>(dir / "q.npy")) == ints{-128, 127});
  CHECK(tf::data::load_npy<std::int8_t, 1>(dir / "q.npy") == xt::xtensor<std::int8_t, 1>{-128, 127});
  CHECK_THROWS_AS((tf::data::load_npy<quint8, 1>(dir / "q.npy")), tf::errors::InvalidArgumentError);

  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3>);
  auto const w = tf::placeholder<"w", qint8>(tf::shape<3, 4>);
  auto const [q, low, high] = tf::quantize<quint8, "q">(x, 0.0f, 1.0f);
  auto const [p, p_low, p_high] = tf::quantized_matmul<"p">(q, w, low, high, -1.0f, 1.0f);
  auto const y = tf::dequantize<"y">(p, p_low, p_high);
  tf::Graph const graph(y);
  CHECK(graph.to_string().find("p = QuantizedMatMul(q, w, q:1, q:2, ") != std::string::npos);
  CHECK(graph.to_string().find("qint32 [2,4], float [], float []") != std::string::npos);
  // An AttrValue that is a dtype: its key, then field 6.
  std::string const def = graph.as_graph_def();
  auto const tells = [&](std::string key, tf::dtype type) {
    std::string entry = "\x0a" + std::string(1, static_cast<char>(key.size())) + key + "\x12\x02\x30";
    return def.find(entry + static_cast<char>(type)) != std::string::npos;
  };
  CHECK(tells("T", tf::dtype::quint8));
  CHECK(tells("T1", tf::dtype::quint8));
  CHECK(tells("T2", tf::dtype::qint8));
  CHECK(tells("Toutput", tf::dtype::qint32));
  CHECK(tells("T", tf::dtype::qint32));
  CHECK(tells("dtype", tf::dtype::qint8));
}
