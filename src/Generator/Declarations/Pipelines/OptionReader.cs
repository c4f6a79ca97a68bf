using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the options of a connector for which its attribute declares a form.</summary>
internal static class OptionReader
{
    /// <returns>The options that are set, in the order of their declaration.</returns>
    public static EquatableArray<OptionDeclaration> Read(AttributeData attribute)
    {
        var type = attribute.AttributeClass!;
        var found = new List<OptionDeclaration>();
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.Attribute(KnownNames.ConnectorOption) is { } option
                && option.Scalar<int>("text") is { } kind && Enum.IsDefined(typeof(OptionText), kind)
                && attribute.Value(property.Name) is { Value: string text })
            {
                var begin = option.Text("After") is { } after
                    && type.GetMembers(after).FirstOrDefault()?.Attribute(KnownNames.ConnectorOption) is { } other
                    && Lacking(attribute, other) == null ? after : null;
                found.Add(new OptionDeclaration(
                    property.Name,
                    (OptionText)kind,
                    text,
                    Lacking(attribute, option),
                    begin,
                    begin == null ? null : attribute.Value(begin)?.Value as string));
            }
        }

        return found.ToEquatableArray();
    }

    private static string? Lacking(AttributeData attribute, AttributeData option)
    {
        if (option.Text("Needs") is not { } needs || option.Value("Value") is not { Kind: TypedConstantKind.Enum } value)
        {
            return null;
        }

        var given = attribute.Value(needs)?.Value ?? 0;
        return Equals(given, value.Value) ? null : $"{needs} = {value.Type!.Name}.{NameOf(value)}";
    }

    private static string NameOf(TypedConstant value) =>
        value.Type!.GetMembers()
            .OfType<IFieldSymbol>()
            .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value.Value))?.Name ?? $"{value.Value}";
}
