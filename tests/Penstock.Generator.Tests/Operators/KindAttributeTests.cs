using Microsoft.CodeAnalysis;
using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Validation;

namespace Penstock.Generator.Tests.Operators;

/// <summary>
/// The attributes by which a class is of a kind: two kinds may have the same methods, and the attribute tells them apart.
/// </summary>
public sealed class KindAttributeTests
{
    private const string Tumbling = "TumblingWindowAttribute";
    private const string Skipping = "SkippingWindowAttribute";

    // The second one stands behind the first: the order of the list must not decide.
    private static readonly IReadOnlyList<ClassKind> Kinds = [.. OperatorKinds.Classes, new SkippingKind()];

    [Theory]
    [InlineData("Accumulate", Tumbling, "Window")]
    [InlineData("Accumulate", Skipping, "Skipping")]
    [InlineData("Fire", Skipping, "Skipping")]
    [InlineData("Accumulate", null, "Window")]
    [InlineData("Process", null, "Process")]
    [InlineData("Process", Skipping, "Process")]
    public void The_attribute_of_a_class_distinguishes_kinds_with_the_same_methods(string method, string? attribute, string kind) =>
        Assert.Equal(kind, OperatorKinds.Of(Kinds, [FormOf(method)], attribute == null ? Written() : Written(attribute)).Name);

    [Theory]
    [InlineData("Process", "Process")]
    [InlineData("Timer", "Process", "OnTimer")]
    [InlineData("Timer", "OnTimer", "Process")]
    [InlineData("Timer", "OnTimer")]
    [InlineData("Process", "Process", "Map")]
    [InlineData("Window", "Fire", "OnTimer")]
    public void The_methods_of_a_class_distinguish_kinds_with_the_same_first_method(string kind, params string[] methods) =>
        Assert.Equal(kind, OperatorKinds.Of(Kinds, [.. methods.Select(FormOf)], Written()).Name);

    [Theory]
    [InlineData("Window", "", Tumbling)]
    [InlineData("Skipping", "", Skipping)]
    [InlineData("Window", "PEN007 SkippingWindowAttribute: [TumblingWindow], [SkippingWindow]", Tumbling, Skipping)]
    [InlineData("Skipping", "PEN007 TumblingWindowAttribute: [SkippingWindow], [TumblingWindow]", Tumbling, Skipping)]
    [InlineData("Map", "PEN009 SkippingWindowAttribute: [Accumulate] and [Fire] methods, which replace its [Map] method, void Add(in TRow row)", Skipping)]
    public void An_attribute_of_another_kind_is_reported(string kind, string expected, params string[] attributes)
    {
        var of = Kinds.Single(candidate => candidate.Name == kind);
        var declaration = Declare("[TumblingWindow(\"1h\")]") with
        {
            KindAttributes = Written(attributes),
            Methods = new([Declare("[TumblingWindow(\"1h\")]").Methods[0] with { Form = of.Main }]),
        };

        Assert.Equal(
            expected,
            string.Join("|", KindAttributeRules.Validate(declaration, of, Kinds).Select(static finding =>
                $"{finding.Id} {finding.Place.Attribute}: {string.Join(", ", finding.Arguments.Skip(1))}")));
    }

    [Fact]
    public void Values_are_read_by_the_names_of_the_parameters()
    {
        var written = Assert.Single(Declare("[TumblingWindow(\"1h\", AllowedLateness = \"5m\")]").KindAttributes);
        Assert.Equal(Tumbling, written.Name);
        Assert.Equal(("1h", null, "5m"), (written["size"], written["Offset"], written["AllowedLateness"]));
    }

    [Theory]
    [InlineData("1 + 2", "3")]
    [InlineData("\"3\"", "3")]
    [InlineData("true", "True")]
    [InlineData("-2.5", "-2.5")]
    [InlineData("null", "")]
    [InlineData("Missing", "")]
    public void Constants_of_any_type_are_read_as_text(string expression, string text)
    {
        var compilation = TestCompiler.Compile(
            $"public sealed class MineAttribute(object? value) : Attribute {{ public object? Value => value; }} [Mine({expression})] public class A;");
        Assert.Equal(text, compilation.GetTypeByMetadataName("A")!.GetAttributes().Single().ConstantText("value"));
    }

    [Fact]
    public void Values_survive_the_contract()
    {
        Assert.All(Kinds.Where(static kind => kind.Attribute != null), static kind =>
        {
            var values = kind.Attribute!.ValuesOf(new WrittenAttribute(kind.Attribute.Name, new(
            [
                .. kind.Attribute.Parameters.Select(static (name, index) =>
                    new WrittenValue(name, name == "step" ? "7" : $"{4 - index}m"))
            ])));
            var contract = values.Contract.ToDictionary(static pair => pair.Name, static pair => pair.Value);
            Assert.Equal(kind.Attribute.Parameters.Count, contract.Count);
            Assert.Equal(values, kind.Attribute.ValuesOf(name => contract.TryGetValue(name, out var value) ? value : null));
            Assert.Null(kind.Attribute.ValuesOf(static _ => null));
        });

        // What the contract names are properties of its attribute.
        Assert.All(
            new WindowModel(2, 1, 1, 1).Contract,
            static pair => Assert.Equal(typeof(long), typeof(GeneratedOperatorAttribute).GetProperty(pair.Name)?.PropertyType));
    }

    [Fact]
    public void States_that_a_kind_keeps_by_itself_are_among_those_that_its_operators_save() => Assert.Equal(
        ["counts($;2){}", "/key keyed($){Skipped:int64}"],
        StateModels.Of(Declare("[TumblingWindow(\"1h\")]"), new SkippingKind(), new SkippingModel(2))
            .Select(static state => $"{state}"));

    private static MethodForm FormOf(string method) => OperatorKinds.Methods.Single(form => form.Name == method);

    private static EquatableArray<WrittenAttribute> Written(params string[] attributes) =>
        new([.. attributes.Select(static name => new WrittenAttribute(
            name,
            new([new WrittenValue("size", "1h"), new WrittenValue("step", "2")])))]);

    private static OperatorDeclaration Declare(string attribute)
    {
        var compilation = TestCompiler.Compile($$"""
            [Operator, KeyBy("Length")]
            {{attribute}}
            public sealed partial class Lengths
            {
                [Accumulate] private void Add(in string row) { }
                [Fire] private int Close(in Window<int> window) => window.Key;
            }
            """);
        return OperatorReader.Read(compilation.GetTypeByMetadataName("Lengths")!, compilation)!;
    }
}
