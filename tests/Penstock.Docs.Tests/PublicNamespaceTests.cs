using System.ComponentModel;
using System.Reflection;

namespace Penstock.Docs.Tests;

/// <summary>Types that people name are in three namespaces; types that only generated code names are hidden from completion.</summary>
public sealed class PublicNamespaceTests
{
    private static readonly string[] Named = ["Penstock", "Penstock.Connectors", "Penstock.Testing"];

    public static TheoryData<string> Assemblies => [.. Libraries.All.Select(static library => library.Assembly)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_public_type_that_completion_offers_is_in_one_of_three_namespaces(string assembly) => Assert.Empty(
        Assembly.Load(assembly).GetExportedTypes()
            .Where(static type => !type.IsNested && !Named.Contains(type.Namespace) && !IsHidden(type))
            .Select(static type => type.FullName));

    private static bool IsHidden(Type type) =>
        type.GetCustomAttribute<EditorBrowsableAttribute>() is { State: EditorBrowsableState.Never };
}
