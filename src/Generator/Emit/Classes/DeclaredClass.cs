using Penstock.Generator.Equality;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the namespace and types around a class that the user declares, and the expression that creates it.</summary>
internal static class DeclaredClass
{
    /// <summary>Opens the namespace and the types around a declared class; dispose the result to close them.</summary>
    public static Scope Open(CodeWriter writer, ClassDeclaration type, string declaration, IReadOnlyList<string>? above = null)
    {
        var blocks = new Stack<CodeWriter.Block>();
        if (type.Namespace.Length > 0)
        {
            writer.Namespace(string.Join(".", type.Namespace.Split('.').Select(Identifier.Escape)));
        }

        foreach (var outer in type.Containing)
        {
            blocks.Push(writer.Braces($"partial {outer.Keyword} {Identifier.Escape(outer.Name)}"));
        }

        foreach (var line in above ?? [])
        {
            writer.Line(line);
        }

        blocks.Push(writer.Braces($"partial {type.Keyword} {Identifier.Escape(type.Name)}{Parameters(type)}{declaration}"));
        return new Scope(blocks);
    }

    private static string Parameters(ClassDeclaration type) =>
        type.Parameters.Count == 0 ? "" : $"<{string.Join(", ", type.Parameters.Select(Identifier.Escape))}>";

    /// <summary>The call that creates an instance from services.</summary>
    public static string Create(TypeName type, EquatableArray<ServiceModel> services, string provider) =>
        $"new {type}({Arguments(services, provider)})";

    /// <summary>The arguments of that call.</summary>
    public static string Arguments(EquatableArray<ServiceModel> services, string provider)
    {
        var arguments = services.Select(service => service.Origin switch
        {
            ServiceOrigin.Provider => provider,
            ServiceOrigin.Optional =>
                $"global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetService<{service.Type}>({provider})",
            ServiceOrigin.Required =>
                $"global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<{service.Type}>({provider})",
            _ => throw new InvalidOperationException($"Unknown origin of a service: {service.Origin}."),
        });
        return string.Join(", ", arguments);
    }

    internal readonly struct Scope(Stack<CodeWriter.Block> blocks) : IDisposable
    {
        public void Dispose()
        {
            while (blocks.Count > 0)
            {
                blocks.Pop().Dispose();
            }
        }
    }
}
