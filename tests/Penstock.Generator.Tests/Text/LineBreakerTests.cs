using System.Text;
using Penstock.Generator.Text;

namespace Penstock.Generator.Tests.Text;

/// <summary>Long lines of generated code are broken where people would break them, without a change of meaning.</summary>
public sealed class LineBreakerTests
{
    private static readonly string Name = new('n', 70);
    private static readonly string Long = new('l', 90);

    [Fact]
    public void A_line_that_fits_stays_as_it_is() => Check(0, new string('x', LineBreaker.Width), new string('x', LineBreaker.Width));

    [Fact]
    public void A_line_without_a_place_to_break_stays_as_it_is() => Check(4, new string('x', 200), "    " + new string('x', 200));

    [Fact]
    public void Arguments_go_on_the_next_line() => Check(4, $"Call{Long}({Name}, a);", $"""
            Call{Long}(
                {Name}, a);
        """);

    [Fact]
    public void Arguments_have_a_line_each_where_one_line_is_too_short() => Check(4, $"Call({Name}, {Long}, [a, b]);", $"""
            Call(
                {Name},
                {Long},
                [a, b]);
        """);

    [Fact]
    public void Commas_in_texts_and_inner_lists_break_nothing() => Check(0, $"Call(\"a, (\\\",\", Of(a, b), {Long}, {Name});", $"""
        Call(
            "a, (\",",
            Of(a, b),
            {Long},
            {Name});
        """);

    [Fact]
    public void A_single_argument_goes_on_the_next_line() => Check(0, $"Call{Name}(new {Long}());", $"""
        Call{Name}(
            new {Long}());
        """);

    [Fact]
    public void A_single_argument_with_several_of_its_own_goes_on_the_next_line() =>
        Check(0, $"Call<{Name}>(new {Name}(\"a\", b: 1));", $"""
        Call<{Name}>(
            new {Name}("a", b: 1));
        """);

    [Fact]
    public void A_single_argument_that_is_too_long_is_broken_itself() => Check(0, $"Call(new Row({Name}, {Long}));", $"""
        Call(new Row(
            {Name},
            {Long}));
        """);

    [Fact]
    public void A_condition_stays_behind_its_keyword() => Check(0, $"while ({Name}.TryTake({Name}, out var x))", $"""
        while ({Name}.TryTake(
            {Name}, out var x))
        """);

    [Fact]
    public void Initializers_stand_below_what_they_initialize() => Check(4, $"new Row(1, [new {Name}(2, 3)]) {{ A = {Name} }},", $$"""
            new Row(1, [new {{Name}}(2, 3)])
            {
                A = {{Name}},
            },
        """);

    [Fact]
    public void Collections_of_one_initialized_object_have_brackets_on_lines_of_their_own() =>
        Check(0, $"[new({Name}, b) {{ A = {Name} }}],", $$"""
        [
            new({{Name}}, b)
            {
                A = {{Name}},
            },
        ],
        """);

    [Fact]
    public void Initializers_have_brackets_on_lines_of_their_own() => Check(0, $"return new Row() {{ A = {Name}, B = {Long} }};", $$"""
        return new Row()
        {
            A = {{Name}},
            B = {{Long}},
        };
        """);

    [Fact]
    public void Long_collections_have_brackets_on_lines_of_their_own() => Check(0, $"WatermarkGrids: [{Name}, {Long}]),", $"""
        WatermarkGrids:
        [
            {Name},
            {Long},
        ]),
        """);

    [Fact]
    public void A_body_goes_behind_the_arrow() => Check(4, $"public bool Is(int a) => {Long} == a && {Name} == b;", $"""
            public bool Is(int a) =>
                {Long} == a
                    && {Name} == b;
        """);

    [Fact]
    public void A_choice_is_broken_before_what_it_chooses_from() => Check(0, $"var x = {Name} || c ? {Name} : {Long};", $"""
        var x = {Name} || c
            ? {Name}
            : {Long};
        """);

    [Fact]
    public void Type_arguments_are_broken_where_there_is_nothing_else() => Check(0, $"private readonly Table<{Name}, {Long}> _table;", $"""
        private readonly Table<
            {Name},
            {Long}> _table;
        """);

    [Fact]
    public void Texts_are_broken_behind_a_word() => Check(0, $"Schema => \"{Long}; {Name}\";", $"""
        Schema => "{Long}; "
            + "{Name}";
        """);

    [Fact]
    public void Spans_of_bytes_are_broken_as_such() => Check(0, $"json.Name(\"{Long}, {Name}\"u8);", $"""
        json.Name(
            "{Long}, "u8
                + "{Name}"u8);
        """);

    [Fact]
    public void Comments_are_broken_between_words() => Check(4, $"/// <summary>{Name} {Long} end.</summary>", $"""
            /// <summary>
            /// {Name}
            /// {Long} end.
            /// </summary>
        """);

    private static void Check(int indent, string line, string expected)
    {
        var text = new StringBuilder();
        LineBreaker.Write(text, indent, line);
        Assert.Equal(expected.ReplaceLineEndings("\n") + "\n", text.ToString());
    }
}
