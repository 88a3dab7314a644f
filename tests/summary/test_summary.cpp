// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <summary/picture.hpp>
#include <support/op_test.hpp>
#include <tfx/summary/event.hpp>
#include <tfx/summary/merge.hpp>

namespace tf = tfx;
namespace summary = tf::summary;

namespace {
using summary::value_kind;
/// The values of a serialised summary.
std::vector<summary::event_value> values_of(std::string const& text) {
  return summary::detail::read_event(summary::detail::event_bytes(0, 0, 5, text), "a summary").summary.value;
}
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("summary: a scalar is a serialised Summary of one value") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const loss = summary::scalar<"loss">(x);
  static_assert(std::is_same_v<decltype(tf::Session().run(loss, x = 0.5f)), std::string>);
  tf::Session sess;
  CHECK(sess.run(loss, x = 0.5f) == std::string("\x0a\x0b\x0a\x04loss\x15\0\0\0\x3f", 13));
  CHECK(sess.run(loss, x = 0.0f) == std::string("\x0a\x0b\x0a\x04loss\x15\0\0\0\0", 13));
  CHECK(std::isnan(values_of(sess.run(loss, x = static_cast<float>(not_a_number))).at(0).simple_value));
  CHECK(values_of(sess.run(loss, x = static_cast<float>(-inf))).at(0).simple_value ==
        -std::numeric_limits<float>::infinity());
}
TEST_CASE("summary: a scalar of any real dtype, under a name with scopes, beside a step") {
  auto const i = tf::placeholder<"i", std::int64_t>(tf::shape<>);
  auto const b = tf::placeholder<"b", std::uint8_t>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::constant(3.0));
  constexpr tf::name long_name = "a/scope/of/a/name/that/no/string/holds/in/itself";
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w));
  auto const [first, second, third, next] = sess.run(tf::fetch(summary::scalar<"i">(i), summary::scalar<"b">(b),
                                                               summary::scalar<long_name / "w">(w), w.assign_add(1.0)),
                                                     i = -3, b = 200);
  CHECK(values_of(first).at(0).simple_value == -3.0f);
  CHECK(values_of(second).at(0).simple_value == 200.0f);
  CHECK(values_of(third).at(0).simple_value == 3.0f);
  CHECK(values_of(third).at(0).tag == "a/scope/of/a/name/that/no/string/holds/in/itself/w");
  CHECK(next == 4.0);
}
TEST_CASE("summary: unnamed constants of two summaries are two") {
  auto const of = [](auto name, float value) { return summary::scalar<name()>(tf::constant(value)); };
  auto const both = summary::merge(of([] { return tf::name("a"); }, 1.0f), of([] { return tf::name("b"); }, 2.0f));
  auto const values = values_of(tf::Session().run(both));
  CHECK((values.at(0).simple_value == 1.0f && values.at(1).simple_value == 2.0f));
}

TEST_CASE("summary: a histogram has TensorFlow's buckets, runs of empty ones as one") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  auto const s = summary::histogram<"h">(x);
  tf::Session sess;
  auto const h = values_of(sess.run(s, x = {-1, 0, 0.5, 0.5, 2, 1e30})).at(0).histo;
  constexpr double most = std::numeric_limits<double>::max();
  CHECK(h.bucket_limit == std::vector<double>{-1.0089710279437536, -0.917246389039776, 0.0, 1e-12, 0.47069243095356195,
                                              0.5177616740489182, 1.9661990955585713, 2.1628190051144287,
                                              9.920775621859783e+19, most});
  CHECK(h.bucket == std::vector<double>{0, 1, 0, 1, 0, 2, 0, 1, 0, 1});
  CHECK((h.min == -1 && h.max == 1e30 && h.num == 6 && h.sum == 1e30 && h.sum_squares == 1e30 * 1e30));
  // A limit belongs to the bucket above it, whatever its sign.
  auto const at_limits = values_of(sess.run(s, x = {1e-12, -1e-12, -2e-13, most, -most})).at(0).histo;
  CHECK(at_limits.bucket_limit == std::vector<double>{-most, -9.920775621859783e+19, -1e-12, 0.0, 1e-12,
                                                      1.1000000000000002e-12, 9.920775621859783e+19, most});
  CHECK(at_limits.bucket == std::vector<double>{0, 1, 0, 2, 0, 1, 0, 1});
  auto const none = values_of(sess.run(s, x = std::vector<double>())).at(0);
  CHECK((none.tag == "h" && none.kind == value_kind::histo && none.histo.num == 0));
  CHECK((none.histo.min == most && none.histo.max == -most));
  CHECK((none.histo.bucket_limit == std::vector<double>{most} && none.histo.bucket == std::vector<double>{0}));
}
TEST_CASE("summary: a histogram refuses what is not finite, and the run then changes nothing") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<2, 2>));
  auto const all = tf::fetch(summary::histogram<"layer/w">(x), w.assign(x));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w));
  CHECK_THROWS_WITH_AS(sess.run(all, x = {{1, 2}, {3, not_a_number}}), "Nan in summary histogram for: layer/w",
                       tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(all, x = {{1, -inf}, {3, 4}}), "Infinity in summary histogram for: layer/w",
                       tf::errors::InvalidArgumentError);
  CHECK(sess.run(w)(0, 0) == 0);
  CHECK(values_of(std::get<0>(sess.run(all, x = {{1, 2}, {3, 4}}))).at(0).histo.sum == 10);
  auto const n = tf::placeholder<"n", std::int32_t>(tf::shape<>);
  CHECK(values_of(sess.run(summary::histogram<"n">(n), n = -7)).at(0).histo.min == -7);
}

TEST_CASE("summary: a picture of bytes is written as it is, one of each number of channels") {
  tf::Session sess;
  auto const check = [&]<int Channels>(std::integral_constant<int, Channels>) {
    auto const x = tf::placeholder<"x", std::uint8_t>(tf::shape<tf::dim<"batch">, tf::dyn, tf::dyn, Channels>);
    auto const s = summary::image<"x">(x);
    for (std::size_t const side : {1u, 2u, 40u, 300u}) {
      xt::xtensor<std::uint8_t, 4> pixels(std::array<std::size_t, 4>{2, side, side + 1, Channels});
      std::uint32_t state = 1;
      // Even rows are smooth, the others noise that repeats.
      for (std::size_t i = 0; i < pixels.size(); ++i) {
        state = state * 1664525u + 1013904223u;
        bool const smooth = i / (side * 3) % 2 == 0;
        pixels.data()[i] = static_cast<std::uint8_t>(smooth ? i / 7 : (i % 1000 < 500 ? state >> 24 : 255));
      }
      auto const values = values_of(sess.run(s, x = pixels));
      REQUIRE(values.size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK(values[i].tag == "x/image/" + std::to_string(i));
        CHECK(
            (values[i].image.height == static_cast<int>(side) && values[i].image.width == static_cast<int>(side) + 1));
        CHECK(values[i].image.colorspace == Channels);
        picture const p = decode_png(values[i].image.encoded_image_string);
        CHECK((p.height == side && p.width == side + 1 && p.channels == Channels));
        std::size_t const size = pixels.size() / 2;
        CHECK(std::equal(p.bytes.begin(), p.bytes.end(), pixels.data() + i * size, pixels.data() + (i + 1) * size));
        if (side == 300) CHECK(values[i].image.encoded_image_string.size() < size * 9 / 10);
      }
    }
  };
  check(std::integral_constant<int, 1>{});
  check(std::integral_constant<int, 3>{});
  check(std::integral_constant<int, 4>{});
}
TEST_CASE("summary: pictures of floats are scaled, each on its own") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">, 1, 4, 1>);
  auto const s = summary::image<"x">(x, tf::summary::max_outputs<1>);
  tf::Session sess;
  auto const pixels = [&](auto... v) {
    auto const values = values_of(sess.run(s, x = {{{{static_cast<float>(v)}...}}}));
    CHECK((values.size() == 1 && values[0].tag == "x/image"));
    return decode_png(values[0].image.encoded_image_string).bytes;
  };
  using bytes = std::vector<std::uint8_t>;
  CHECK(pixels(0, 1, 2, 4) == bytes{0, 63, 127, 255});
  CHECK(pixels(-2, -1, 0, 1) == bytes{1, 64, 128, 191});
  CHECK(pixels(0, 0, 1e-7, 0) == bytes{0, 0, 0, 0});
  CHECK(pixels(-1e-7, 0, 0, 0) == bytes{128, 128, 128, 128});
  CHECK(pixels(not_a_number, 1, 0.5, inf) == bytes{255, 255, 127, 255});
  CHECK(pixels(not_a_number, not_a_number, not_a_number, -inf) == bytes{255, 255, 255, 255});
  CHECK(sess.run(s, x = xt::xtensor<float, 4>(std::array<std::size_t, 4>{0, 1, 4, 1})).empty());
  auto const colours = tf::placeholder<"colours", double>(tf::shape<5, 1, 2, 3>);
  xt::xtensor<double, 4> in = xt::ones<double>({5, 1, 2, 3});
  in(0, 0, 1, 2) = not_a_number;
  in(1, 0, 0, 0) = 2;
  auto const five = values_of(sess.run(summary::image<"c">(colours, tf::summary::max_outputs<9>), colours = in));
  REQUIRE((five.size() == 5 && five[4].tag == "c/image/4"));
  CHECK(decode_png(five[0].image.encoded_image_string).bytes == bytes{255, 255, 255, 255, 0, 0});
  CHECK(decode_png(five[1].image.encoded_image_string).bytes == bytes{255, 127, 127, 127, 127, 127});
}
TEST_CASE("summary: what is no picture is refused") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1, tf::dyn, 2, tf::dyn>);
  tf::Session sess;
  auto const s = summary::image<"pic">(x);
  auto const of = [&](std::size_t height, std::size_t channels) {
    return sess.run(s, x = xt::xtensor<float, 4>(xt::ones<float>({std::size_t{1}, height, std::size_t{2}, channels})));
  };
  CHECK(values_of(of(3, 4)).at(0).image.colorspace == 4);
  CHECK_THROWS_AS(of(3, 2), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(of(0, 3), tf::errors::InvalidArgumentError);
  auto const late = tf::placeholder<"late", float>();
  CHECK(values_of(sess.run(summary::scalar<"late">(late), late = 2.0f)).at(0).simple_value == 2.0f);
  auto const accepts = [](auto f) { return std::is_invocable_v<decltype(f), decltype(x)>; };
  static_assert(accepts([](auto v) -> std::void_t<char[sizeof(summary::image<"a">(v))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::image<"a">(v[0]))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::image<"a">(tf::cast<int>(v)))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::image<"a">(
                                        tf::broadcast_to(tf::reduce_sum(v), tf::shape<1, 2, 2, 2>)))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::scalar<"a">(v))]> {}));
  static_assert(
      !accepts([](auto v) -> std::void_t<char[sizeof(summary::scalar<"a">(tf::reduce_any(tf::equal(v, v))))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::histogram<"a">(tf::equal(v, v)))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::text<"a">(v))]> {}));
  static_assert(!accepts([](auto v) -> std::void_t<char[sizeof(summary::merge(v))]> {}));
}

TEST_CASE("summary: texts are a tensor that the text plugin reads") {
  auto const x = tf::placeholder<"x", std::string>(tf::shape<tf::dyn>);
  tf::Session sess;
  CHECK(sess.run(summary::text<"t">(tf::constant("hi"))) ==
        std::string("\x0a\x17\x0a\x01t\x42\x08\x08\x07\x12\x00\x42\x02hi\x4a\x08\x0a\x06\x0a\x04text", 25));
  auto const s = summary::text<"notes">(x);
  auto const two = values_of(sess.run(s, x = {"one", ""})).at(0);
  CHECK((two.tag == "notes" && two.kind == value_kind::tensor && two.plugin_name == "text"));
  CHECK(two.string_val == std::vector<std::string>{"one", ""});
  CHECK(values_of(sess.run(s, x = std::vector<std::string>())).at(0).string_val.empty());
}

TEST_CASE("summary: a union has the values of all, in order") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const more = tf::placeholder<"more", std::string>(tf::shape<2>);
  auto const a = summary::scalar<"a">(x);
  auto const b = summary::scalar<"b">(x + 1.0f);
  auto const all = summary::merge<"all">(summary::merge(a, summary::histogram<"h">(x)), b, more);
  tf::Session sess;
  auto const values = values_of(sess.run(all, x = 2.0f, more = {sess.run(a, x = 7.0f), ""}));
  REQUIRE(values.size() == 4);
  CHECK((values[0].tag == "a" && values[1].tag == "h" && values[2].tag == "b" && values[3].tag == "a"));
  CHECK((values[2].simple_value == 3.0f && values[3].simple_value == 7.0f));
  auto const text = tf::Graph(all).to_string();
  CHECK(text.find("all = MergeSummary(MergeSummary, b, more) string []") != std::string::npos);
  CHECK(text.find("a = ScalarSummary(x) string []") != std::string::npos);
}
TEST_CASE("summary: in functions over handles names may be composed") {
  auto const layers = tf::build([](auto x) {
    auto all = tf::summary::histogram(tf::name_of("layer", 0, "/x"), x);
    for (int i = 0; i < 3; ++i) {
      x = tf::nn::relu(x - 1.0);
      all = tf::summary::merge(all, tf::summary::scalar(tf::name_of("layer", i, "/sum"), tf::reduce_sum(x)));
    }
    return all;
  });
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const values = values_of(tf::Session().run(layers(x), x = {2, 4}));
  REQUIRE(values.size() == 4);
  CHECK((values[0].tag == "layer0/x" && values[0].histo.sum == 6));
  CHECK((values[3].tag == "layer2/sum" && values[3].simple_value == 1.0f));
}
