using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Values;

/// <summary>Constants of the program have the same value in the emitted code.</summary>
public sealed class ConstantCodeTests
{
    public static TheoryData<object> Values =>
    [
        "a \"text\"\n", 'x', '\'', '\0', true, false, (byte)200, (short)-3, -1, uint.MaxValue, long.MinValue, ulong.MaxValue,
        1.5f, float.NaN, float.NegativeInfinity, float.Epsilon, 1.5, 0.1, double.PositiveInfinity, double.MaxValue, 1.50m, decimal.MinValue,
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_stays_what_it_is(object value)
    {
        var type = TypeName.Of(value.GetType().FullName!);
        Assert.Equal(value, ValueOf(type, new ScalarConstant(value, null)));
    }

    [Fact]
    public void Enums_types_arrays_and_attributes_are_those_that_were_meant()
    {
        var day = TypeName.Of("System.DayOfWeek");
        Assert.Equal((int)DayOfWeek.Friday, ValueOf(day, new EnumConstant(day, "Friday", new ScalarConstant(5, null))));
        Assert.Equal(77, ValueOf(day, new EnumConstant(day, null, new ScalarConstant(77, null))));
        Assert.Equal(5, ValueOf(day, new ScalarConstant(5, day)));
        Assert.Null(ValueOf(TypeName.Of("System.String"), new NullConstant()));
        Assert.Null(ValueOf(TypeName.Of("System.String"), new DefaultConstant(null, IsReference: true)));
        Assert.Equal(0, ValueOf(TypeName.Of("System.Int32"), new DefaultConstant(TypeName.Of("System.Int32"), IsReference: false)));
        Assert.Equal(
            "new global::App.MarkAttribute(new string[] { \"a\", null }, typeof(global::System.Guid)) { Level = 1.5f, @fixed = true }",
            ConstantCode.Of(new AttributeModel(
                TypeName.Of("App.MarkAttribute"),
                new([
                    new ArrayConstant(TypeName.Of("System.String"), new([new ScalarConstant("a", null), new NullConstant()])),
                    new TypeConstant(TypeName.Of("System.Guid")),
                ]),
                new([
                    new PropertyConstant("Level", new ScalarConstant(1.5f, null)),
                    new PropertyConstant("fixed", new ScalarConstant(true, null)),
                ]))));
    }

    [Fact]
    public void Numbers_that_are_written_in_two_ways_are_two_constants()
    {
        Assert.NotEqual(new ScalarConstant(1.0m, null), new ScalarConstant(1.00m, null));
        Assert.NotEqual(new ScalarConstant(0.0, null), new ScalarConstant(-0.0, null));
        Assert.NotEqual(new ScalarConstant(1, null), new ScalarConstant(1L, null));
        Assert.Equal(new ScalarConstant(double.NaN, null), new ScalarConstant(double.NaN, null));
    }

    private static object? ValueOf(TypeName type, ConstantModel constant)
    {
        var program = TestCompiler.Compile(
            $"#nullable disable\npublic static class Holder {{ public const {type} Value = {ConstantCode.Of(constant)}; }}");
        Assert.Empty(program.GetDiagnostics().Where(static found => found.Severity == DiagnosticSeverity.Error));
        var tree = program.SyntaxTrees.Last();
        var field = tree.GetRoot().DescendantNodes().OfType<VariableDeclaratorSyntax>().Single();
        return ((IFieldSymbol)program.GetSemanticModel(tree).GetDeclaredSymbol(field)!).ConstantValue;
    }
}
