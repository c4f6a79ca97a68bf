using System.Globalization;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>Converts constants of the program to expressions.</summary>
internal static class ConstantCode
{
    public static string Of(ConstantModel constant) => constant switch
    {
        NullConstant => "null",
        DefaultConstant missing => $"default{(missing.Type is { } type ? $"({type})" : "")}{(missing.IsReference ? "!" : "")}",
        ScalarConstant { Type: { } type } scalar => $"({type})({Of(scalar.Value)})",
        ScalarConstant scalar => Of(scalar.Value),
        EnumConstant { Member: { } member } value => $"{value.Type}.{Identifier.Escape(member)}",
        EnumConstant value => $"({value.Type})({Of(value.Value)})",
        TypeConstant type => $"typeof({type.Type})",
        ArrayConstant array => $"new {array.Element}[] {{ {string.Join(", ", array.Items.Select(Of))} }}",
        _ => throw new InvalidOperationException($"A constant of this kind has no expression: {constant.GetType().Name}."),
    };

    /// <summary>The expression that creates an attribute again.</summary>
    public static string Of(AttributeModel attribute)
    {
        var properties = string.Join(
            ", ",
            attribute.Properties.Select(static property => $"{Identifier.Escape(property.Name)} = {Of(property.Value)}"));
        return $"new {attribute.Type}({string.Join(", ", attribute.Arguments.Select(Of))})"
            + (properties.Length == 0 ? "" : $" {{ {properties} }}");
    }

    private static string Of(object value) => value switch
    {
        string text => CSharp.Literal(text),
        char letter => CSharp.Literal(letter),
        bool flag => flag ? "true" : "false",
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "d",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A value of this type is no constant: {value.GetType().Name}."),
    };
}
