// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <tfx/data/csv.hpp>
#include <tfx/data/npy.hpp>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xnpy.hpp>
#include <xtensor/xview.hpp>

namespace data = tfx::data;
namespace errors = tfx::errors;
using tfx::i64;

namespace {

using bytes = std::vector<std::uint8_t>;
bytes bytes_of(std::string const& text) { return bytes(text.begin(), text.end()); }

/// A folder of its own for each test, gone afterwards.
struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("tfx_readers_" + std::to_string(next++));
  static inline long next = std::chrono::steady_clock::now().time_since_epoch().count();
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
  std::string file(std::string const& name) const { return (path / name).string(); }
  int count() const {
    int n = 0;
    for ([[maybe_unused]] auto const& entry : std::filesystem::directory_iterator(path)) ++n;
    return n;
  }
};

data::csv table(std::string const& text, data::csv_options const& o = {}) { return {bytes_of(text), "t.csv", o}; }
template <class Error, class F>
std::string refusal(F f) {
  try {
    f();
  } catch (Error const& e) {
    return e.what();
  }
  return "nothing was refused";
}
std::string damage(std::string const& text) {
  return refusal<errors::DataLossError>([&] { table(text); });
}
template <class T>
std::string invalid(std::string const& text) {
  return refusal<errors::InvalidArgumentError>([&] { table(text).column<T>(0); });
}

}  // namespace

TEST_CASE("csv: columns are read by name or place, as the dtype that is asked for") {
  auto const t = table("name,size,share,new\nant,1,0.5,true\nbee,-2,1e3,0\n");
  CHECK(t.size() == 2);
  CHECK(t.names() == std::vector<std::string>{"name", "size", "share", "new"});
  CHECK(t.column<std::string>("name") == xt::xtensor<std::string, 1>{"ant", "bee"});
  CHECK(t.column<std::int8_t>("size") == xt::xtensor<std::int8_t, 1>{1, -2});
  CHECK(t.column<double>(2) == xt::xtensor<double, 1>{.5, 1000});
  CHECK(t.column<bool>("new") == xt::xtensor<bool, 1>{true, false});
  CHECK(t.columns<float>({"share", "size"}) == xt::xtensor<float, 2>{{.5f, 1}, {1000, -2}});
  CHECK(t.columns<i64>({1, 1}) == xt::xtensor<i64, 2>{{1, 1}, {-2, -2}});
  CHECK(t.column<std::string>("size")(1) == "-2");
}

TEST_CASE("csv: quotes hold delimiters, line ends and quotes; lines end in LF or CRLF") {
  auto const t =
      table("\xEF\xBB\xBF\"a, b\",c\r\n\"one\r\ntwo\",\"say \"\"hi\"\"\"\r\n\r\n\"\",x y\n\"\"\"\",\"last\"");
  CHECK(t.names() == std::vector<std::string>{"a, b", "c"});
  CHECK(t.column<std::string>(0) == xt::xtensor<std::string, 1>{"one\r\ntwo", "", "\""});
  CHECK(t.column<std::string>("c") == xt::xtensor<std::string, 1>{"say \"hi\"", "x y", "last"});
  CHECK(table("1;2\n3;4", {.header = false, .delimiter = ';'}).columns<int>({0, 1}) ==
        xt::xtensor<int, 2>{{1, 2}, {3, 4}});
}

TEST_CASE("csv: nothing, a header alone, empty fields at the ends of lines") {
  CHECK(table("").size() == 0);
  CHECK(table("").names().empty());
  CHECK(table("\n\n").size() == 0);
  auto const header = table("a,b\n");
  CHECK(header.size() == 0);
  CHECK(header.column<float>("b").size() == 0);
  CHECK(header.columns<float>({"b", "a"}).shape() == std::array<std::size_t, 2>{0, 2});
  auto const t = table(",b,\n,2,\n1,,3\n,,", {});
  CHECK(t.size() == 3);
  CHECK(t.names() == std::vector<std::string>{"", "b", ""});
  CHECK(t.column<int>("b", -1) == xt::xtensor<int, 1>{2, -1, -1});
  CHECK(std::isnan(t.column<float>(2, std::numeric_limits<float>::quiet_NaN())(0)));
}

TEST_CASE("csv: numbers") {
  CHECK(table("x\n 7 \n+7\n\t-7", {}).column<int>("x") == xt::xtensor<int, 1>{7, 7, -7});
  auto const x = table("x\ninf\n-Infinity\nnan\n1e-400\n.5\n5.").column<double>(0);
  CHECK(x(0) == INFINITY);
  CHECK(x(1) == -INFINITY);
  CHECK(std::isnan(x(2)));
  CHECK(x(3) == 0);
  CHECK(x(4) == .5);
  CHECK(x(5) == 5);
  CHECK(table("x\n1e-50").column<float>(0)(0) == 0);
  CHECK(table("x\n18446744073709551615").column<std::uint64_t>(0)(0) == 18446744073709551615u);
  CHECK(invalid<float>("x\n1e39") == "t.csv, line 2, column 1 (x): '1e39' is not a valid float");
  CHECK(invalid<double>("x\n1e400") == "t.csv, line 2, column 1 (x): '1e400' is not a valid double");
  CHECK(invalid<std::uint8_t>("x\n1\n256") == "t.csv, line 3, column 1 (x): '256' is not a valid uint8");
  CHECK(invalid<std::uint8_t>("x\n-1") == "t.csv, line 2, column 1 (x): '-1' is not a valid uint8");
  CHECK(invalid<int>("x\n1.5") == "t.csv, line 2, column 1 (x): '1.5' is not a valid int32");
  CHECK(invalid<int>("x\n+-1") == "t.csv, line 2, column 1 (x): '+-1' is not a valid int32");
  CHECK(invalid<float>("x\n1 2") == "t.csv, line 2, column 1 (x): '1 2' is not a valid float");
  CHECK(invalid<bool>("x\n2") == "t.csv, line 2, column 1 (x): '2' is not a valid bool");
  CHECK(refusal<errors::InvalidArgumentError>([] { table("a,b\n\"x\ny\",1\n\n2,").column<float>("b"); }) ==
        "t.csv, line 5, column 2 (b): '' is not a valid float\n"
        "help: column<T>(name, value) has a value for fields that are empty");
}

TEST_CASE("csv: damage is refused with its line and column") {
  CHECK(damage("a,b\n1,2\n3\n") == "t.csv, line 3, column 2: the line has 1 fields, and the first one 2");
  CHECK(damage("a,b\n1,2,3\n") == "t.csv, line 2, column 3: the line has 3 fields, and the first one 2");
  CHECK(damage("a,b\n\"x\ny\",2,3\n") == "t.csv, line 2, column 3: the line has 3 fields, and the first one 2");
  CHECK(damage("a,b\n1,\"2\n3\n") == "t.csv, line 2, column 2: a quote is not closed");
  CHECK(damage("a,b\n1,\"") == "t.csv, line 2, column 2: a quote is not closed");
  CHECK(damage("a,b\n1,\"\"\"") == "t.csv, line 2, column 2: a quote is not closed");
  CHECK(damage("a,b\n\"1\"x,2\n") == "t.csv, line 2, column 1: a field goes on after its closing quote");
  CHECK(damage("a,b\n1\",2\n") == "t.csv, line 2, column 1: a quote stands in a field that does not begin with one");
  CHECK(refusal<errors::NotFoundError>([] { table("a,b\n1,2").column<int>("c"); }) ==
        "t.csv: has no column 'c'; it has a, b");
  CHECK(refusal<errors::NotFoundError>([] { table("a,b\n1,2").column<int>(2); }) == "t.csv: has no column 2; it has 2");
  CHECK(refusal<errors::InvalidArgumentError>([] { table("a,a\n1,2").column<int>("a"); }) ==
        "t.csv: several columns are called 'a'\nhelp: ask by their places");
  folder const f;
  CHECK_THROWS_WITH_AS(data::read_csv(f.file("none")), (f.file("none") + "; No such file or directory").c_str(),
                       errors::NotFoundError);
}

// Where they are: in TFX_CSV_DIR, or beside the repository.
TEST_CASE("csv: the classic tables") {
  char const* const named = std::getenv("TFX_CSV_DIR");
  std::string const path = named ? named : "../shared/data/csv";
  if (!std::filesystem::exists(path + "/iris.csv")) return;
  auto const iris = data::read_csv(path + "/iris.csv");
  CHECK(iris.size() == 150);
  CHECK(iris.columns<float>({"petal_length", "petal_width"})(0, 1) == .2f);
  CHECK(iris.column<std::string>("species")(149) == "virginica");
  auto const penguins = data::read_csv(path + "/penguins.csv");
  CHECK(penguins.size() == 344);
  CHECK_THROWS_AS(penguins.column<float>("bill_length_mm"), errors::InvalidArgumentError);
  CHECK(penguins.column<float>("bill_length_mm", -1)(3) == -1);
  CHECK(data::read_csv(path + "/boston_housing.csv").column<float>("medv")(0) == 24);
}

namespace {

/// A .npy file of version 1 with the header as it is given.
bytes npy(std::string const& header, bytes const& elements = {}, std::uint8_t version = 1) {
  bytes out{0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) out.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), elements.begin(), elements.end());
  return out;
}
template <class T, std::size_t Rank>
auto parse(bytes const& b) {
  return data::parse_npy<T, Rank>(b, "x.npy");
}
std::string npy_damage(std::string const& header, bytes const& elements = {}) {
  return refusal<errors::DataLossError>([&] { parse<std::int8_t, 1>(npy(header, elements)); });
}
template <class T>
void goes_around(folder const& f, xt::xtensor<T, 2> const& x) {
  data::save_npy(f.file("x.npy"), x);
  CHECK(data::load_npy<T, 2>(f.file("x.npy")) == x);
  // xtensor reads what is written here, and its files are read; byte for byte the same.
  CHECK(xt::load_npy<T>(f.file("x.npy")) == x);
  std::string const theirs = xt::dump_npy(x);
  CHECK(parse<T, 2>(bytes_of(theirs)) == x);
}

}  // namespace

TEST_CASE("npy: arrays of every dtype go out and come in, here and by xtensor's own functions") {
  folder const f;
  goes_around<float>(f, {{1, -2.5f, INFINITY}, {0, -0.0f, 1e-40f}});
  goes_around<double>(f, {{1, 2}, {3, 4}, {5, 1e300}});
  goes_around<std::int8_t>(f, {{-128, 127}});
  goes_around<std::uint8_t>(f, {{0, 255}});
  goes_around<std::int16_t>(f, {{-32768, 1}});
  goes_around<std::uint16_t>(f, {{65535, 1}});
  goes_around<std::int32_t>(f, {{-2147483647, 1}});
  goes_around<std::uint32_t>(f, {{4294967295, 1}});
  goes_around<std::int64_t>(f, {{std::numeric_limits<i64>::min(), 1}});
  goes_around<std::uint64_t>(f, {{std::numeric_limits<std::uint64_t>::max(), 1}});
  goes_around<bool>(f, {{true, false}});
  goes_around<std::complex<float>>(f, {{{1, 2}, {3, 4}}});
  goes_around<std::complex<double>>(f, {{{1, 2}, {3, 4}}});
  goes_around<float>(f, xt::xtensor<float, 2>({0, 3}));
  CHECK(f.count() == 1);
}

TEST_CASE("npy: numbers, vectors, views and columns are written in row-major order") {
  folder const f;
  auto const p = f.file("x.npy");
  data::save_npy(p, 3.5);
  CHECK(data::load_npy<double, 0>(p)() == 3.5);
  data::save_npy(p, std::vector<std::vector<int>>{{1, 2}, {3, 4}, {5, 6}});
  CHECK(data::load_npy<int, 2>(p) == xt::xtensor<int, 2>{{1, 2}, {3, 4}, {5, 6}});
  xt::xtensor<int, 2, xt::layout_type::column_major> const columns{{1, 2, 3}, {4, 5, 6}};
  data::save_npy(p, columns);
  CHECK(data::load_npy<int, 2>(p) == columns);
  data::save_npy(p, xt::view(columns, xt::all(), 1));
  CHECK(data::load_npy<int, 1>(p) == xt::xtensor<int, 1>{2, 5});
  xt::xarray<float> const any = xt::ones<float>({2, 1, 2, 2});
  data::save_npy(p, any);
  CHECK(data::load_npy<float, 4>(p) == any);
  // Fortran's order, as xtensor writes it.
  CHECK(parse<int, 2>(bytes_of(xt::dump_npy(columns))) == columns);
}

TEST_CASE("npy: keys in any order, either byte order, versions 1 to 3") {
  CHECK(parse<std::int16_t, 1>(npy("{\"shape\":(2,),'fortran_order':True,'descr':'>i2'}", {1, 2, 255, 254})) ==
        xt::xtensor<std::int16_t, 1>{258, -2});
  CHECK(parse<std::complex<float>, 0>(npy("{'descr': '>c8', 'fortran_order': False, 'shape': ()}\n",
                                          {0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0}))() == std::complex<float>(1, -2));
  CHECK(parse<std::int8_t, 2>(npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2L, 2L), }  \n", {1, 2, 3, 4},
                                  2)) == xt::xtensor<std::int8_t, 2>{{1, 3}, {2, 4}});
  CHECK(parse<std::int8_t, 1>(npy("{'descr': '<i1', 'fortran_order': False, 'shape': (0,)}", {}, 3)).size() == 0);
}

TEST_CASE("npy: damage is refused, and the error says which") {
  std::string const good = "{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }";
  bytes const whole = npy(good, {1, 2, 3});
  CHECK(parse<std::int8_t, 1>(whole) == xt::xtensor<std::int8_t, 1>{1, 2, 3});
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_THROWS_AS((parse<std::int8_t, 1>(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)))),
                    errors::DataLossError);
  // Any byte of the header may be any other: it is read or refused, and nothing else happens.
  for (std::size_t i = 0; i < whole.size() - 3; ++i)
    for (int v = 0; v < 256; v += 3) {
      bytes changed = whole;
      changed[i] = static_cast<std::uint8_t>(v);
      try {
        CHECK(parse<std::int8_t, 1>(changed).size() == 3);
      } catch (errors::Error const&) {
      }
    }
  CHECK(refusal<errors::DataLossError>([&] { parse<float, 1>(bytes_of("hello world")); }) ==
        "x.npy: is not a .npy file: it begins with a wrong magic string");
  CHECK(npy_damage(good, {1, 2}) == "x.npy: is cut short: [3] needs 3 bytes, and there are 2");
  CHECK(npy_damage(good, {1, 2, 3, 4}) == "x.npy: has bytes after the end: [3] needs 3 bytes, and there are 4");
  CHECK(npy_damage("{'descr': '|i1', 'fortran_order': False, 'shape': (70000, 70000, 70000, 70000), }") ==
        "x.npy: the extents are too large");
  CHECK(npy_damage("{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999999999999999,), }") ==
        "x.npy: the extents are too large");
  CHECK(npy_damage("{'descr': '|i1', 'fortran_order': False, 'shape': (-1,), }") ==
        "x.npy: 'shape' is no tuple of whole numbers");
  CHECK(npy_damage("{'descr': '|i1', 'fortran_order': Maybe, 'shape': (1,), }") ==
        "x.npy: 'fortran_order' is neither True nor False");
  CHECK(npy_damage("{'descr': 'i', 'fortran_order': False, 'shape': (1,), }") == "x.npy: 'descr' is no dtype");
  CHECK(npy_damage("{'descr': '|i1', 'fortran_order': False}") ==
        "x.npy: the header lacks 'descr', 'fortran_order' or 'shape'");
  CHECK(npy_damage("{'descr': '|i1', 'descr': '|i1'}") == "x.npy: the header has an entry that does not belong there");
  CHECK(npy_damage(good + "import os") == "x.npy: the header goes on after its end");
  CHECK(npy_damage("[1, 2]") == "x.npy: the header is no dictionary");
}

TEST_CASE("npy: another dtype or rank than was asked for, records and bools that are neither are refused") {
  bytes const b = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", bytes(8));
  CHECK(refusal<errors::InvalidArgumentError>([&] { parse<float, 1>(b); }) ==
        "x.npy: holds '<f8', which is not float, as was asked for");
  CHECK(refusal<errors::InvalidArgumentError>([&] { parse<double, 2>(b); }) ==
        "x.npy: has the shape [1], which is not of 2 dimensions, as was asked for");
  CHECK_THROWS_AS((parse<float, 1>(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"))),
                  errors::UnimplementedError);
  CHECK_THROWS_AS((parse<float, 1>(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0,1,1,1,1,1,1,1,1), }"))),
                  errors::UnimplementedError);
  CHECK_THROWS_AS((parse<bool, 1>(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", {2}))),
                  errors::DataLossError);
}

TEST_CASE("npy: a file that cannot be written leaves the old one and nothing beside it") {
  folder const f;
  CHECK_THROWS_AS(data::save_npy(f.file("none/x.npy"), 1.0f), errors::NotFoundError);
  std::filesystem::create_directories(f.file("x.npy"));
  CHECK_THROWS_AS(data::save_npy(f.file("x.npy"), 1.0f), errors::FailedPreconditionError);
  CHECK(f.count() == 1);
  data::save_npy(f.file("y.npy"), 1.0f);
  data::save_npy(f.file("y.npy"), 2.0f);
  CHECK(data::load_npy<float, 0>(f.file("y.npy"))() == 2.0f);
  CHECK(f.count() == 2);
}
