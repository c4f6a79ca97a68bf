using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads <c>[FormerName]</c>.</summary>
internal static class FormerNames
{
    /// <summary>The former names of a state, or of a member of a type in a state.</summary>
    public static EquatableArray<string> Of(ISymbol member) =>
        AttributesOf(member).Select(static attribute => attribute.Text("name") ?? "").ToEquatableArray();

    /// <summary>The attributes with former names. For a positional record, they may be on the parameter.</summary>
    public static IEnumerable<AttributeData> AttributesOf(ISymbol member) => member.Attributes(KnownNames.FormerName).Concat(
        member is IPropertySymbol { ContainingType: { IsRecord: true } type }
            ? type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters)
                .Where(parameter => parameter.Name == member.Name)
                .SelectMany(static parameter => parameter.Attributes(KnownNames.FormerName))
            : []);
}
